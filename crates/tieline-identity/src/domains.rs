//! Registrable domains, and domains that are nobody's organisation.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Providers of mailboxes, access and public lists, one registrable domain a line.
static SHARED: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let lines = include_str!("../data/shared-domains.txt").lines();
    lines.map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
});

/// Top levels reserved for examples and tests (RFC 2606): no list has them, but documents and demo
/// worlds are made of them, so they count as ordinary ones.
const RESERVED: [&str; 2] = ["example", "test"];

/// The registrable domain by the public suffix list: `cs.acme.co.uk` gives `acme.co.uk`. `None` for
/// a public suffix itself, an unlisted top level, and what is no domain.
pub fn registrable(domain: &str) -> Option<&str> {
    let found = psl::domain(domain.as_bytes())?;
    // Machines of private networks (`.local`, `.orionmulti`) are under no listed suffix.
    let reserved = RESERVED.iter().any(|top| found.suffix().as_bytes() == top.as_bytes());
    if !found.suffix().is_known() && !reserved {
        return None;
    }
    std::str::from_utf8(found.as_bytes()).ok()
}

/// Whether a domain serves the public (free mail, access providers, list hosts, forges), so that it
/// tells nothing about whom its users work for. Also true of a domain that is not registrable.
pub fn is_shared(domain: &str) -> bool {
    match registrable(domain) {
        None => true,
        Some(found) => {
            // Large providers have one domain a country: yahoo.co.uk, hotmail.fr.
            let label = found.split('.').next().unwrap_or(found);
            SHARED.contains(found)
                || matches!(label, "yahoo" | "hotmail" | "gmx" | "outlook" | "live" | "ymail")
        }
    }
}

/// The registrable domain of an organisation's own domain; `None` where it is shared.
pub fn organisational(domain: &str) -> Option<&str> {
    registrable(domain).filter(|found| !is_shared(found))
}
