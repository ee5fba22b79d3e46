//! Mail under random damage: never a panic, and the same result however the bytes arrive.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

mod common;

use std::fs;

use common::{Kept, corpus, read_with};
use proptest::prelude::*;
use tieline_import::mail::eml::Eml;
use tieline_import::mail::headers::{self, Envelope};
use tieline_import::mail::maildir::Maildir;
use tieline_import::mail::mbox::Mbox;
use tieline_import::{Probe, Source};

const SAMPLES: [&str; 12] = [
    "rfc/thread.mbox",
    "rfc/list.eml",
    "rfc/report.eml",
    "legacy/old-addresses.mbox",
    "legacy/exchange.eml",
    "legacy/apple.emlx",
    "legacy/cl2.mbox",
    "legacy/crlf.mbox",
    "malformed/eight-bit.mbox",
    "malformed/dates.mbox",
    "malformed/headers.mbox",
    "malformed/binary.eml",
];

/// What a mutation does at a place.
#[derive(Debug, Clone)]
enum Damage {
    Set(u8),
    Insert(Vec<u8>),
    Remove(u16),
    Repeat(u16),
    Truncate,
}

fn damage() -> impl Strategy<Value = (prop::sample::Index, Damage)> {
    let tokens = prop::sample::select(
        ["\n\n", "\r", "From ", "\nFrom ", "<", ">", "(", "\"", "=?utf-8?q?", ",", ":", ";", "\\"]
            .map(|t| t.as_bytes().to_vec())
            .to_vec(),
    );
    let kind = prop_oneof![
        any::<u8>().prop_map(Damage::Set),
        tokens.prop_map(Damage::Insert),
        any::<u16>().prop_map(Damage::Remove),
        any::<u16>().prop_map(Damage::Repeat),
        Just(Damage::Truncate),
    ];
    (any::<prop::sample::Index>(), kind)
}

fn damaged() -> impl Strategy<Value = Vec<u8>> {
    let sample = prop::sample::select(SAMPLES.to_vec());
    (sample, prop::collection::vec(damage(), 0..8)).prop_map(|(name, damages)| {
        let mut bytes = fs::read(corpus(name)).unwrap();
        for (place, damage) in damages {
            let at = place.index(bytes.len() + 1);
            let end = |len: u16| (at + usize::from(len) % 300).min(bytes.len());
            match damage {
                Damage::Set(byte) if at < bytes.len() => bytes[at] = byte,
                Damage::Set(byte) => bytes.push(byte),
                Damage::Insert(token) => drop(bytes.splice(at..at, token)),
                Damage::Remove(len) => drop(bytes.drain(at..end(len))),
                Damage::Repeat(len) => {
                    let part = bytes[at..end(len)].to_vec();
                    bytes.splice(at..at, part);
                }
                Damage::Truncate => bytes.truncate(at),
            }
        }
        bytes
    })
}

/// Every record or loss has a place of its own, in order, within the file.
fn is_located(kept: &Kept, len: usize) -> bool {
    let mut places: Vec<_> = kept.records.iter().map(|(position, _)| *position).collect();
    let ordered = places.is_sorted();
    places.dedup();
    let within = |position: &tieline_model::issue::Position| match position {
        tieline_model::issue::Position::Byte(at) => *at <= len as u64,
        _ => false,
    };
    ordered && places.len() == kept.records.len() && places.iter().all(within)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..Default::default() })]

    #[test]
    fn damaged_mailboxes_never_panic_and_split_the_same_way(
        bytes in damaged(),
        capacity in 1_usize..200,
    ) {
        let whole = read_with(&Mbox, &bytes, 1 << 20);
        prop_assert!(is_located(&whole, bytes.len()));
        prop_assert_eq!(&whole, &read_with(&Mbox, &bytes, capacity));
        let single = read_with(&Eml, &bytes, 1 << 20);
        prop_assert_eq!(single.records.len() + single.lost(), 1);
        prop_assert_eq!(single, read_with(&Maildir, &bytes, capacity));
    }

    #[test]
    fn any_bytes_are_headers_or_a_reason(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let parsed = headers::parse(&bytes, &Envelope::default());
        prop_assert!(parsed.message.is_ok() || parsed.repairs.is_empty());
        let probe = Probe { file_name: "x.eml", folders: &["cur"], head: &bytes };
        for source in [&Mbox as &dyn Source, &Eml, &Maildir] {
            source.detect(&probe);
        }
    }

    #[test]
    fn messages_put_together_come_apart_again(
        count in 1_usize..20,
        blank in any::<bool>(),
        crlf in any::<bool>(),
    ) {
        let mut text = String::new();
        for n in 0..count {
            text.push_str(&format!(
                "From a{n}@example.org Mon Apr 29 15:{:02}:55 2019\nFrom: a{n}@example.org\n\
                 Message-ID: <{n}@example.org>\nDate: Mon, 29 Apr 2019 15:30:55 +0000\n\nBody {n}\n",
                n % 60,
            ));
            if blank {
                text.push('\n');
            }
        }
        if crlf {
            text = text.replace('\n', "\r\n");
        }
        let kept = read_with(&Mbox, text.as_bytes(), 4096);
        prop_assert_eq!((kept.records.len(), kept.issues.len()), (count, 0));
    }
}
