"""The window: the only PySide6. It shows the state in `workbench` and changes it; what is slow runs in `jobs`."""
