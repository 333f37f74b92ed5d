"""Every rule holds for every way in: a matrix of :mod:`.ways` and :mod:`.rules`, neither of which can be forgotten."""
