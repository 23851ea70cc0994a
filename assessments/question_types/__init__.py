"""Question types: how a question is checked, asked, marked and explained. Pure: no request, no database."""
