"""How sure a reading is: a share from 0 to 1, kept with every place."""

REVIEW_BELOW = 0.9
"""Values that were read with less confidence are doubtful: people are asked to look at them."""
