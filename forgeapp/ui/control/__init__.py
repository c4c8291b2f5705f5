"""The control centre: pages over the panes, a module or more each; imported when it is opened first."""
