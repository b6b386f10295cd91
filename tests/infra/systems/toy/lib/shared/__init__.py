"""A package that services of the toy share, as the labs' do those in `labs/cast/lib`."""

WORD = "imported from a mount"
