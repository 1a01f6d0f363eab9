"""Studio: the web application; draw with a model, wander between drawings, keep what is good."""
