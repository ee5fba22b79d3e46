"""The peer: reads the same headers with Python's mailbox and email.utils.getaddresses.
Prints messages and CPU seconds. Usage: python_mailbox.py ARCHIVE.mbox"""

import email.utils
import mailbox
import resource
import sys


def main() -> None:
    messages, addresses = 0, 0
    for message in mailbox.mbox(sys.argv[1], create=False):
        fields = [v for name in ("From", "To", "Cc") for v in message.get_all(name, [])]
        addresses += len(email.utils.getaddresses([str(field) for field in fields]))
        for name in ("Date", "Message-ID", "In-Reply-To", "References", "List-Id"):
            message.get(name)
        email.utils.parsedate_tz(str(message.get("Date", "")))
        messages += 1
    usage = resource.getrusage(resource.RUSAGE_SELF)
    cpu = usage.ru_utime + usage.ru_stime
    print(f"{messages} messages, {addresses} addresses, {cpu:.2f} CPU s")


main()
