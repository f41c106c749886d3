"""What is made with suffice: each application has its own statistics, page and command.

Nothing outside this package imports it. Its commands are found through the entry points
``suffice.commands``, as those of other packages are.
"""
