"""The exports in the window: what runs in the status bar, all of them in a list, and the commands that begin one."""
