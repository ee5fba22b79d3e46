# Words that many pages use.

people-n = { $n ->
    [one] { $n } person
   *[other] { $n } people
}
