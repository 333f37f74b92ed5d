"""How clients get to know this server: what each wants to be told, where it keeps that, and how to write it there."""
