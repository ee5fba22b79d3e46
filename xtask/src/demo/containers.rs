//! The containers archives come in: mbox, Maildir in tar, zip, gzip, xz. Bytes depend on nothing
//! but the content.

use std::io::{Cursor, Write as _};

use anyhow::{Context as _, Result};
use jiff::Timestamp;
use lzma_rust2::{XzOptions, XzWriter};
use zip::write::SimpleFileOptions;

use super::clock;

/// Appends a message to an mbox in the mboxrd form: lines that begin with `From `, after any
/// number of `>`, get one more `>`.
pub(crate) fn push_mboxrd(mbox: &mut Vec<u8>, sender: &str, at: Timestamp, letter: &[u8]) {
    mbox.extend_from_slice(format!("From {sender} {}\n", clock::separator_date(at)).as_bytes());
    for line in letter.split_inclusive(|byte| *byte == b'\n') {
        let bare = line.iter().position(|byte| *byte != b'>').unwrap_or(line.len());
        if line[bare..].starts_with(b"From ") {
            mbox.push(b'>');
        }
        mbox.extend_from_slice(line);
    }
    mbox.push(b'\n');
}

/// Appends a message in the mboxcl2 form: CRLF line ends, a Content-Length, nothing quoted.
pub(crate) fn push_mboxcl2(mbox: &mut Vec<u8>, sender: &str, at: Timestamp, letter: &str) {
    let (head, body) = letter.split_once("\n\n").unwrap_or((letter, ""));
    let body = body.replace('\n', "\r\n");
    let head = head.replace('\n', "\r\n");
    let separator = clock::separator_date(at);
    let text = format!(
        "From {sender} {separator}\r\n{head}\r\nContent-Length: {}\r\n\r\n{body}\r\n",
        body.len(),
    );
    mbox.extend_from_slice(text.as_bytes());
}

/// gzip without a name or a time.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255];
    out.extend(miniz_oxide::deflate::compress_to_vec(bytes, 9));
    out.extend_from_slice(&crc32fast::hash(bytes).to_le_bytes());
    // The format keeps the size modulo 2^32.
    out.extend_from_slice(&((bytes.len() & 0xffff_ffff) as u32).to_le_bytes());
    out
}

/// xz at its usual strength.
pub(crate) fn xz(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut writer = XzWriter::new(Vec::new(), XzOptions::with_preset(6))?;
    writer.write_all(bytes)?;
    writer.finish().context("finishing an xz stream")
}

/// A tar of files, in the order given, owned by nobody.
pub(crate) fn tar(files: &[(String, Vec<u8>, Timestamp)]) -> Result<Vec<u8>> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes, at) in files {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_mtime(u64::try_from(at.as_second()).unwrap_or(0));
        header.set_entry_type(tar::EntryType::Regular);
        builder.append_data(&mut header, name, bytes.as_slice())?;
    }
    builder.into_inner().context("finishing a tar archive")
}

/// A zip of files, in the order given.
pub(crate) fn zip(files: &[(&str, Vec<u8>)]) -> Result<Vec<u8>> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    // Above 9 the level chooses zopfli, whose bytes do not depend on the processor.
    let options = SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated)
        .compression_level(Some(11))
        .unix_permissions(0o644);
    for (name, bytes) in files {
        writer.start_file(*name, options)?;
        writer.write_all(bytes)?;
    }
    Ok(writer.finish().context("finishing a zip archive")?.into_inner())
}
