//! Text encodings of whole files.

use std::borrow::Cow;
use std::io::{self, BufRead, BufReader, Read};

/// The beginning of a file as text, for recognition: a byte order mark is honoured, UTF-16 without
/// one is recognised by its zero bytes, anything that is no UTF-8 is read as Windows-1252.
pub(crate) fn head(bytes: &[u8]) -> Cow<'_, str> {
    if let Some(encoding) = utf16(bytes) {
        return encoding.decode(bytes).0;
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        // A character cut in two at the end of the probe is no other encoding.
        Err(error) if error.error_len().is_none() => {
            Cow::Owned(String::from_utf8_lossy(&bytes[..error.valid_up_to()]).into_owned())
        }
        Err(_) => encoding_rs::WINDOWS_1252.decode(bytes).0,
    }
}

/// The input with UTF-16 turned into UTF-8; other bytes, a UTF-8 mark included, as they are.
pub(crate) fn as_utf8<'a>(input: &'a mut dyn BufRead) -> io::Result<Box<dyn BufRead + 'a>> {
    let start = input.fill_buf()?;
    if let Some(encoding) = utf16(start) {
        let decoded = encoding_rs_io::DecodeReaderBytesBuilder::new()
            .encoding(Some(encoding))
            .build(PlainRead(input));
        return Ok(Box::new(BufReader::new(decoded)));
    }
    Ok(Box::new(input))
}

/// Bytes as text: UTF-8, else Windows-1252 (the second value is then true).
pub(crate) fn decode(bytes: &[u8]) -> (Cow<'_, str>, bool) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (Cow::Borrowed(text), false),
        Err(_) => (encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0, true),
    }
}

fn utf16(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let pairs = bytes.chunks_exact(2).take(64);
    let total = pairs.len();
    match bytes {
        [0xff, 0xfe, ..] => Some(encoding_rs::UTF_16LE),
        [0xfe, 0xff, ..] => Some(encoding_rs::UTF_16BE),
        _ if total >= 8 && pairs.clone().all(|pair| pair[1] == 0 && pair[0] != 0) => {
            Some(encoding_rs::UTF_16LE)
        }
        _ if total >= 8 && pairs.clone().all(|pair| pair[0] == 0 && pair[1] != 0) => {
            Some(encoding_rs::UTF_16BE)
        }
        _ => None,
    }
}

struct PlainRead<'a>(&'a mut dyn BufRead);

impl Read for PlainRead<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf16_with_and_without_a_mark_becomes_utf8() {
        let little: Vec<u8> =
            "Name,E-mail\n\u{17d}\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let marked = [&[0xff, 0xfe][..], &little].concat();
        for bytes in [&marked, &little[..22].to_vec()] {
            let mut input = BufReader::with_capacity(64, &bytes[..]);
            let mut text = String::new();
            as_utf8(&mut input).unwrap().read_to_string(&mut text).unwrap();
            assert!(text.contains("Name,E-mail"), "{text:?}");
            assert!(head(bytes).contains("Name,E-mail"));
        }
    }

    #[test]
    fn a_character_cut_by_the_probe_is_still_utf8() {
        let text = "M\u{fc}ller".as_bytes();
        assert_eq!(head(&text[..2]), "M");
        assert_eq!(head(b"M\xfcller"), "M\u{fc}ller");
    }
}
