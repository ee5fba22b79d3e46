# Words that many pages use.

people-n = { $n ->
    [one] { $n } person
   *[other] { $n } people
}
common-optional = (optional)
common-two = { $a } and { $b }
common-scrolls = { $what }; scrolls sideways on small screens
common-more = { $n } more
common-headers-only = { $source }. Only headers are read, never what a message says.
common-words-html = Words here: { $words }.
common-back-to = Back to { $name }
common-two-linked-html = <a href="{ $a_href }">{ $a }</a> and <a href="{ $b_href }">{ $b }</a>
