"""From a principal of a foreign issuer to its Gauzy account: the link page, and the code that completes it."""
