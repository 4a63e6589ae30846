"""Lambda entry points: the API's lean handler, and what works in the background on AWS."""
