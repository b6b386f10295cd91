"""What sealed parts share: who may command them (`guard`), how they listen (`serve`), secret names (`tickets`)."""
