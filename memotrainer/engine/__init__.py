"""The memory model as plain functions over arrays: no database, no clock, no Django.

`lives` lays a review log out for one NumPy step per place; `gradient` is the loss of FSRS-6 and its exact derivative;
`fitting` finds weights near those of a parent; `evidence` keeps what the answers of a person, an item and a learning
objective tell beside the memory state; `correction` learns online how to move the recall that FSRS-6 predicts;
`population` does so for people nobody has seen yet. The site and `./grove bench retention` run the same code.
"""
