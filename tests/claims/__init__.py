"""Claims of the lessons: one file per lesson, whose `claims` compares prose with results."""
