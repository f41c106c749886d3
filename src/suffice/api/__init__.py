"""What Python users hold in their hands: a study that is made, run and asked for its answer."""
