"""Recognition of text in pictures, behind one small protocol."""
