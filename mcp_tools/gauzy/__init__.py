"""How to talk to the Gauzy REST API: errors, transport, sign-in, accounts. No Django, and no user state in modules."""
