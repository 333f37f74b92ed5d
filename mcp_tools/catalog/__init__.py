"""What can be called: declarations of tools. No I/O and no Django; a tool reaches Gauzy only through its context."""
