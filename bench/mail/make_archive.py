"""Writes an mbox of at least the wanted size from a real one, by repeating it with other
Message-IDs, so that every message counts. Usage: make_archive.py SOURCE.mbox TARGET.mbox BYTES"""

import sys


def main() -> None:
    source, target, wanted = sys.argv[1], sys.argv[2], int(sys.argv[3])
    with open(source, "rb") as file:
        lines = file.read().splitlines(keepends=True)
    written, copy = 0, 0
    with open(target, "wb") as out:
        while written < wanted:
            copy += 1
            mark = b".copy%d@" % copy
            for line in lines:
                lower = line[:12].lower()
                if lower.startswith((b"message-id:", b"in-reply-to:", b"references:", b" <", b"\t<")):
                    line = line.replace(b"@", mark)
                out.write(line)
                written += len(line)


main()
