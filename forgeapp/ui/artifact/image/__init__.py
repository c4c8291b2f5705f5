"""A picture to look at: unpacked off the UI thread, fitted or zoomed; in small; and what it shows in words."""
