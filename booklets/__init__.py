"""What a booklet is, and what makes one complete."""
