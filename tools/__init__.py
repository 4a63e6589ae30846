"""Set-up and maintenance scripts of this repository; standard library only."""
