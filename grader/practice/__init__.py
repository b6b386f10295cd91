"""What a candidate works with: files to edit, a system to practise on, a page to watch."""
