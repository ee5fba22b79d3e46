//! Compressed files and archives: recognised by their first bytes, read as streams, never unpacked
//! to the disk. Whatever a member calls itself is only a name to show.

use std::cell::Cell;
use std::io::{self, BufRead, Read};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How much of a file is looked at to recognise it.
pub(crate) const HEAD: usize = 64 * 1024;

/// Reading buffer of a [`Peek`].
const BUFFER: usize = 256 * 1024;

/// Memory pages begin at multiples of this.
pub(crate) const PAGE: usize = 4096;

/// Where the first page begins in a buffer. Some processors copy from the kernel several times
/// slower to a little behind the beginning of a page, which is where large buffers begin.
pub(crate) fn page_start(buffer: &[u8]) -> usize {
    let start = buffer.as_ptr().align_offset(PAGE);
    if start < PAGE { start } else { 0 }
}

/// Memory an `.xz` stream may ask for; `xz -9` needs 65 MiB.
const XZ_MEMORY: u64 = 192 << 20;

/// A file may unpack to this many times its size ...
const MAX_RATIO: u64 = 1000;

/// ... or to this many bytes, whichever is more. Mail packs to a third or a tenth of its size; what
/// goes beyond is made to exhaust the reader.
const FREE_BYTES: u64 = 256 << 20;

/// How a file is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Packing {
    Gzip,
    Xz,
    Zstd,
    Bzip2,
    Zip,
    Tar,
}

impl Packing {
    /// By the first bytes.
    pub(crate) fn of(head: &[u8]) -> Option<Self> {
        if head.starts_with(b"\x1f\x8b\x08") {
            Some(Self::Gzip)
        } else if head.starts_with(b"\xfd7zXZ\0") {
            Some(Self::Xz)
        } else if head.starts_with(b"\x28\xb5\x2f\xfd") || is_zstd_skippable(head) {
            Some(Self::Zstd)
        } else if is_bzip2(head) {
            Some(Self::Bzip2)
        } else if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
            Some(Self::Zip)
        } else if is_tar(head) {
            Some(Self::Tar)
        } else {
            None
        }
    }

    /// Name of the content: `inbox.mbox` for `inbox.mbox.xz`, `mail.tar` for `mail.tgz`.
    pub(crate) fn inner_name(name: &str) -> String {
        const ENDINGS: [(&str, &str); 14] = [
            (".tgz", ".tar"),
            (".txz", ".tar"),
            (".tzst", ".tar"),
            (".tbz", ".tar"),
            (".tbz2", ".tar"),
            (".gz", ""),
            (".gzip", ""),
            (".xz", ""),
            (".zst", ""),
            (".zstd", ""),
            (".bz2", ""),
            (".bzip2", ""),
            (".bz", ""),
            (".z", ""),
        ];
        let lower = name.to_ascii_lowercase();
        for (ending, instead) in ENDINGS {
            if lower.ends_with(ending)
                && let Some(stem) = name.get(..name.len() - ending.len())
            {
                return format!("{stem}{instead}");
            }
        }
        name.to_owned()
    }
}

fn is_zstd_skippable(head: &[u8]) -> bool {
    head.first().is_some_and(|byte| byte & 0xf0 == 0x50) && head.get(1..4) == Some(b"\x2a\x4d\x18")
}

fn is_bzip2(head: &[u8]) -> bool {
    let block = head.get(4..10);
    head.starts_with(b"BZh")
        && (block == Some(b"1AY&SY") || block == Some(b"\x17\x72\x45\x38\x50\x90"))
}

/// A tar header says `ustar`, or, in the oldest form, sums up to its own checksum.
fn is_tar(head: &[u8]) -> bool {
    let Some(header) = head.get(..512) else { return false };
    if header.get(257..262) == Some(b"ustar") {
        return true;
    }
    let Some(stated) = header.get(148..156) else { return false };
    let text: String =
        stated.iter().map(|b| char::from(*b)).filter(|c| c.is_ascii_digit()).collect();
    let sum: u64 = header
        .iter()
        .enumerate()
        .map(|(i, byte)| if (148..156).contains(&i) { 32 } else { u64::from(*byte) })
        .sum();
    header.first() != Some(&0) && u64::from_str_radix(&text, 8) == Ok(sum)
}

/// The stream behind a compressed one; all its members, as `gzip -d` and `xz -d` read them.
pub(crate) fn decompress<'r>(
    packing: Packing,
    packed: Peek<'r>,
    budget: &Budget,
) -> io::Result<Peek<'r>> {
    let reader: Box<dyn Read + 'r> = match packing {
        Packing::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(packed)),
        Packing::Bzip2 => Box::new(bzip2::bufread::MultiBzDecoder::new(packed)),
        Packing::Zstd => Box::new(zstd::stream::read::Decoder::with_buffer(packed)?),
        Packing::Xz => {
            let stream = liblzma::stream::Stream::new_stream_decoder(
                XZ_MEMORY,
                liblzma::stream::CONCATENATED,
            )?;
            Box::new(liblzma::bufread::XzDecoder::new_stream(packed, stream))
        }
        Packing::Zip | Packing::Tar => {
            return Err(io::Error::other("an archive is no compressed stream"));
        }
    };
    Ok(Peek::new(Box::new(budget.guard(reader))))
}

/// How many bytes the packed parts of one file may still unpack to.
#[derive(Debug, Clone)]
pub(crate) struct Budget(Rc<Cell<u64>>);

impl Budget {
    /// For a file of `size` bytes on the disk.
    pub(crate) fn for_size(size: u64) -> Self {
        Self(Rc::new(Cell::new(size.saturating_mul(MAX_RATIO).max(FREE_BYTES))))
    }

    /// Whether nothing more may be unpacked.
    pub(crate) fn is_spent(&self) -> bool {
        self.0.get() == 0
    }

    /// A reader that fails once the budget is spent.
    pub(crate) fn guard<R: Read>(&self, inner: R) -> Guarded<R> {
        Guarded { inner, budget: self.clone() }
    }
}

/// See [`Budget::guard`].
pub(crate) struct Guarded<R> {
    inner: R,
    budget: Budget,
}

impl<R: Read> Read for Guarded<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        let left = self.budget.0.get().saturating_sub(n as u64);
        self.budget.0.set(left);
        if left == 0 && n > 0 {
            return Err(io::Error::other(format!(
                "it unpacks to more than {MAX_RATIO} times its size, which no archive of mail or \
                 tables does; unpack it yourself if you trust it"
            )));
        }
        Ok(n)
    }
}

/// Counts bytes taken from the disk, for progress.
pub(crate) struct Counting<R> {
    pub(crate) inner: R,
    pub(crate) count: Arc<AtomicU64>,
}

impl<R: Read> Read for Counting<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        self.count.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

impl<R: io::Seek> io::Seek for Counting<R> {
    fn seek(&mut self, pos: io::SeekFrom) -> io::Result<u64> {
        self.inner.seek(pos)
    }
}

/// A buffered reader whose beginning can be looked at first, and which knows how far it is.
pub(crate) struct Peek<'r> {
    inner: Box<dyn Read + 'r>,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    consumed: Rc<Cell<u64>>,
    /// An error met while looking ahead: reported once everything before it has been read.
    deferred: Option<io::Error>,
}

impl<'r> Peek<'r> {
    pub(crate) fn new(inner: Box<dyn Read + 'r>) -> Self {
        let consumed = Rc::new(Cell::new(0));
        Self { inner, buffer: Vec::new(), start: 0, end: 0, consumed, deferred: None }
    }

    /// The first bytes: [`HEAD`] of them, fewer only where the stream ends or breaks before.
    /// Before anything is consumed.
    pub(crate) fn head(&mut self) -> &[u8] {
        while self.end < HEAD && self.deferred.is_none() {
            if self.buffer.len() < BUFFER {
                // Small members are many: room grows with what is there.
                self.buffer.resize((self.buffer.len() * 4).clamp(16 * 1024, BUFFER), 0);
            }
            match self.inner.read(self.buffer.get_mut(self.end..).unwrap_or_default()) {
                Ok(0) => break,
                Ok(n) => self.end += n,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => self.deferred = Some(error),
            }
        }
        self.buffer.get(..self.end.min(HEAD)).unwrap_or_default()
    }

    /// A counter of the bytes consumed, which outlives the reader.
    pub(crate) fn consumed(&self) -> Rc<Cell<u64>> {
        Rc::clone(&self.consumed)
    }

    /// The error that ended [`Peek::head`], if one did.
    pub(crate) fn broken(&self) -> Option<&io::Error> {
        self.deferred.as_ref()
    }
}

impl Read for Peek<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.start >= self.end && self.deferred.is_none() && buf.len() >= BUFFER {
            // There is room for as much as this reader would hold: no need to copy it twice.
            let n = self.inner.read(buf)?;
            self.consumed.set(self.consumed.get() + n as u64);
            return Ok(n);
        }
        let n = self.fill_buf()?.read(buf)?;
        self.consume(n);
        Ok(n)
    }
}

impl BufRead for Peek<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.start >= self.end {
            if let Some(error) = self.deferred.take() {
                return Err(error);
            }
            self.buffer.resize(BUFFER, 0);
            self.start = 0;
            self.end = 0;
            self.end = loop {
                match self.inner.read(&mut self.buffer) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    other => break other?,
                }
            };
        }
        Ok(self.buffer.get(self.start..self.end).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        let taken = amount.min(self.end - self.start);
        self.start += taken;
        self.consumed.set(self.consumed.get() + taken as u64);
    }
}
