"""What experiments measure of finished trainings, beside the curves that these write themselves."""
