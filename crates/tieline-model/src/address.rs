//! Addresses: canonical forms and classes (METHODS 12.1).

use std::fmt;

use unicode_normalization::UnicodeNormalization;

use crate::id::AddressId;

/// What kind of address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AddressKind {
    /// An e-mail address.
    Email,
    /// A telephone number, digits with an optional leading `+`.
    Phone,
    /// A profile or handle (LinkedIn URL, chat name).
    Handle,
    /// An address of an old or internal system that is no Internet mailbox (UUCP bang path, X.500).
    Legacy,
    /// A label that has meaning only within one file or directory (node id, post reference).
    Label,
}

impl AddressKind {
    /// The word used in the store and in listings.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Handle => "handle",
            Self::Legacy => "legacy",
            Self::Label => "label",
        }
    }

    /// From the word.
    pub fn from_name(name: &str) -> Option<Self> {
        use AddressKind::{Email, Handle, Label, Legacy, Phone};
        [Email, Phone, Handle, Legacy, Label].into_iter().find(|kind| kind.name() == name)
    }
}

/// A canonical address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    kind: AddressKind,
    text: String,
}

/// Why a text is no e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Not exactly one `@`.
    #[error("an e-mail address has exactly one @")]
    At,
    /// Nothing before the `@`, or dots in the wrong places, or only a tag.
    #[error("the part before the @ is empty or has misplaced dots")]
    Local,
    /// The domain is no Internet domain.
    #[error("the part after the @ is no Internet domain")]
    Domain,
}

/// Providers that ignore `+tag`; Gmail ignores dots too.
const TAGGING: [&str; 9] = [
    "gmail.com",
    "outlook.com",
    "hotmail.com",
    "live.com",
    "fastmail.com",
    "proton.me",
    "protonmail.com",
    "icloud.com",
    "googlemail.com",
];

/// Local parts that are nobody's own (METHODS 12.1).
const ROLE_MAILBOXES: [&str; 13] = [
    "info",
    "contact",
    "admin",
    "office",
    "support",
    "noreply",
    "no-reply",
    "donotreply",
    "hello",
    "sales",
    "team",
    "postmaster",
    "mailer-daemon",
];

/// Local parts, whole or as a part between separators, of senders that are machines.
const AUTOMATED: [&str; 17] = [
    "noreply",
    "no-reply",
    "no_reply",
    "donotreply",
    "do-not-reply",
    "do_not_reply",
    "mailer-daemon",
    "postmaster",
    "bounce",
    "bounces",
    "notification",
    "notifications",
    "autoreply",
    "auto-reply",
    "daemon",
    "cron",
    "root",
];

/// What an address stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AddressClass {
    /// A person (or not known to be anything else).
    Person,
    /// A mailing list or group address.
    List,
    /// A role mailbox such as info@.
    RoleMailbox,
    /// A machine.
    Automated,
    /// A room or a resource of a calendar.
    Resource,
}

impl AddressClass {
    /// The word used in the store and in listings.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::List => "list",
            Self::RoleMailbox => "role",
            Self::Automated => "automated",
            Self::Resource => "resource",
        }
    }

    /// From the word.
    pub fn from_name(name: &str) -> Option<Self> {
        use AddressClass::{Automated, List, Person, Resource, RoleMailbox};
        [Person, List, RoleMailbox, Automated, Resource]
            .into_iter()
            .find(|class| class.name() == name)
    }
}

impl Address {
    /// Reads an e-mail address as METHODS 12.1 says.
    ///
    /// # Errors
    /// Says which part is wrong.
    pub fn email(raw: &str) -> Result<Self, AddressError> {
        if let Some(text) = canonical_ascii(raw) {
            return Ok(Self { kind: AddressKind::Email, text });
        }
        canonical_email(raw).map(|text| Self { kind: AddressKind::Email, text })
    }

    /// Reads an address of a mail header: an e-mail address where it is one, else a
    /// [`AddressKind::Legacy`] address (bang paths, X.500, bare logins), lower case, white space
    /// folded. `None` when nothing is left.
    pub fn mail(raw: &str) -> Option<Self> {
        if let Ok(address) = Self::email(raw) {
            return Some(address);
        }
        // What broken lists of addresses leave at either end.
        let stray = ['<', '>', '"', '\'', '(', ')', ',', ';', ' '];
        let text: String = raw.nfkc().collect::<String>();
        let text = text.trim().trim_matches(stray).to_lowercase();
        if let Ok(address) = Self::email(&text) {
            return Some(address);
        }
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        // A lone @, a comma or a colon left behind by broken syntax names nobody.
        let names_someone = text.chars().any(char::is_alphanumeric);
        names_someone.then_some(Self { kind: AddressKind::Legacy, text })
    }

    /// A telephone number: digits only, a leading `+` or `00` kept as `+`. `None` under 5 digits.
    pub fn phone(raw: &str) -> Option<Self> {
        let trimmed = raw.trim().trim_start_matches("tel:");
        let digits: String = trimmed.chars().filter(char::is_ascii_digit).collect();
        if digits.len() < 5 {
            return None;
        }
        let text = if trimmed.starts_with('+') {
            format!("+{digits}")
        } else if let Some(rest) = digits.strip_prefix("00") {
            format!("+{rest}")
        } else {
            digits
        };
        Some(Self { kind: AddressKind::Phone, text })
    }

    /// A profile URL or handle, lower case, without scheme, `www.`, query and trailing slash.
    pub fn handle(raw: &str) -> Option<Self> {
        let lower = raw.trim().to_lowercase();
        let rest = lower.split_once("://").map_or(lower.as_str(), |(_, rest)| rest);
        let rest = rest.strip_prefix("www.").unwrap_or(rest);
        let text = rest.split(['?', '#']).next().unwrap_or(rest).trim_end_matches('/');
        (!text.is_empty()).then(|| Self { kind: AddressKind::Handle, text: text.to_owned() })
    }

    /// A label within a scope (a file's digest, a directory's name): `scope/label`. `None` when the
    /// label is blank.
    pub fn label(scope: &str, label: &str) -> Option<Self> {
        let label = label.split_whitespace().collect::<Vec<_>>().join(" ");
        (!label.is_empty())
            .then(|| Self { kind: AddressKind::Label, text: format!("{scope}/{label}") })
    }

    /// From stored parts, which are canonical already.
    pub fn from_stored(kind: AddressKind, text: String) -> Self {
        Self { kind, text }
    }

    /// The id: a hash of kind and text.
    pub fn id(&self) -> AddressId {
        AddressId::of(&[self.kind.name().as_bytes(), self.text.as_bytes()])
    }

    /// What kind.
    pub const fn kind(&self) -> AddressKind {
        self.kind
    }

    /// Canonical text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Domain of an e-mail address.
    pub fn domain(&self) -> Option<&str> {
        if self.kind == AddressKind::Email { self.text.split_once('@').map(|p| p.1) } else { None }
    }

    /// Local part of an e-mail address.
    pub fn local(&self) -> Option<&str> {
        if self.kind == AddressKind::Email { self.text.split_once('@').map(|p| p.0) } else { None }
    }

    /// The class that the address alone tells: automated, role mailbox, or a person for want of
    /// anything else. Lists are recognised from headers and behaviour, not here.
    pub fn class_by_pattern(&self) -> AddressClass {
        let Some(local) = self.local() else { return AddressClass::Person };
        let base = local.split('+').next().unwrap_or(local);
        let automated = |part: &str| AUTOMATED.contains(&part);
        if automated(base)
            || ["noreply", "no-reply", "no_reply", "donotreply", "do-not-reply"]
                .iter()
                .any(|word| base.starts_with(word) || base.ends_with(word))
            || base.split(['.', '-', '_']).any(|part| {
                matches!(
                    part,
                    "noreply" | "donotreply" | "bounce" | "bounces" | "notifications" | "daemon"
                )
            })
        {
            AddressClass::Automated
        } else if ROLE_MAILBOXES.contains(&base) {
            AddressClass::RoleMailbox
        } else {
            AddressClass::Person
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The common case without allocation beyond the result: plain ASCII, one `@`, no wrapping.
fn canonical_ascii(raw: &str) -> Option<String> {
    let raw = raw.trim();
    let plain =
        |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'@' | b'+' | b'=');
    if !raw.bytes().all(plain) {
        return None;
    }
    let (local, domain) = raw.split_once('@')?;
    let tagged = TAGGING.iter().any(|known| domain.eq_ignore_ascii_case(known));
    let simple_dots = !local.starts_with('.') && !local.ends_with('.') && !local.contains("..");
    let labels_fit = domain.split('.').all(|label| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && !label.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("xn--"))
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    });
    let fits = !local.is_empty() && simple_dots && domain.contains('.') && labels_fit && !tagged;
    fits.then(|| raw.to_ascii_lowercase())
}

fn canonical_email(raw: &str) -> Result<String, AddressError> {
    let text: String = raw.nfkc().collect();
    let text = text.trim();
    let text = match (text.rfind('<'), text.ends_with('>')) {
        (Some(open), true) => text[open + 1..text.len() - 1].trim(),
        _ => text,
    };
    let text = match text.get(..7) {
        Some(start) if start.eq_ignore_ascii_case("mailto:") => {
            text[7..].split('?').next().unwrap_or("")
        }
        _ => text,
    };
    let (local, domain) = text.split_once('@').ok_or(AddressError::At)?;
    if domain.contains('@') {
        return Err(AddressError::At);
    }
    let local = local.to_lowercase();
    let domain = idna::domain_to_ascii_strict(domain.trim_end_matches('.').trim())
        .or_else(|_| lenient_domain(domain))
        .map_err(|_| AddressError::Domain)?;
    if !domain.contains('.') || domain.starts_with('.') || domain.contains("..") {
        return Err(AddressError::Domain);
    }
    let bad_dots = |text: &str| {
        text.is_empty() || text.starts_with('.') || text.ends_with('.') || text.contains("..")
    };
    if bad_dots(&local) || local.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(AddressError::Local);
    }
    let (domain, gmail) = match domain.as_str() {
        "gmail.com" | "googlemail.com" => ("gmail.com".to_owned(), true),
        _ => (domain, false),
    };
    let mut local = local;
    if TAGGING.contains(&domain.as_str())
        && let Some((base, _)) = local.split_once('+')
    {
        local = base.to_owned();
    }
    if gmail {
        local.retain(|c| c != '.');
    }
    if local.is_empty() {
        return Err(AddressError::Local);
    }
    Ok(format!("{local}@{domain}"))
}

/// Domains as found in the wild: underscores and other ASCII that strict IDNA refuses.
fn lenient_domain(domain: &str) -> Result<String, idna::Errors> {
    let text = idna::domain_to_ascii(domain.trim_end_matches('.').trim())?;
    let fits = text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'));
    if fits { Ok(text) } else { idna::domain_to_ascii_strict(&text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// METHODS 12.1, every example.
    #[test]
    fn emails_become_canonical_as_methods_says() {
        for (raw, expected) in [
            (" Jane.Doe+news@GoogleMail.com ", "janedoe@gmail.com"),
            ("Jane Doe <jane.doe@Example.ORG>", "jane.doe@example.org"),
            ("\"Doe, Jane\" <j.doe+x@outlook.com>", "j.doe@outlook.com"),
            ("j.doe+x@acme.org", "j.doe+x@acme.org"),
            ("mailto:info@acme.org?subject=hi", "info@acme.org"),
            ("user@b\u{fc}cher.example", "user@xn--bcher-kva.example"),
            ("jane@acme.org.", "jane@acme.org"),
            ("A_B@sub_domain.example.org", "a_b@sub_domain.example.org"),
        ] {
            assert_eq!(Address::email(raw).map(|a| a.text), Ok(expected.to_owned()), "{raw}");
        }
        for (raw, error) in [
            ("no-at-sign", AddressError::At),
            ("a@b@c.org", AddressError::At),
            (".dot@acme.org", AddressError::Local),
            ("a..b@acme.org", AddressError::Local),
            ("jane@localhost", AddressError::Domain),
            ("+tag@gmail.com", AddressError::Local),
        ] {
            assert_eq!(Address::email(raw), Err(error), "{raw}");
        }
    }

    #[test]
    fn the_fast_path_agrees_with_the_full_one() {
        for raw in [
            "A.B@Example.org",
            "x+y@acme.org",
            "a-b_c=d@a.b.co.uk",
            "a@-b.org",
            "a@b..org",
            "a.@b.org",
            "a@xn--bcher-kva.example",
            "x+y@gmail.com",
            "@b.org",
            "a@b",
        ] {
            if let Some(fast) = canonical_ascii(raw) {
                assert_eq!(Ok(fast), canonical_email(raw), "{raw}");
            }
        }
    }

    #[test]
    fn old_addresses_are_kept_as_legacy() {
        let address = Address::mail("Alpha!Beta!Tim ").unwrap();
        assert_eq!((address.kind(), address.text()), (AddressKind::Legacy, "alpha!beta!tim"));
        assert_eq!(Address::mail(" @ , "), None);
        assert_eq!(Address::mail("a@acme.org)"), Address::email("a@acme.org").ok());
    }

    #[test]
    fn patterns_tell_machines_and_role_mailboxes() {
        for (text, class) in [
            ("noreply@acme.org", AddressClass::Automated),
            ("jira-no-reply@acme.org", AddressClass::Automated),
            ("bounces+123@lists.acme.org", AddressClass::Automated),
            ("info@acme.org", AddressClass::RoleMailbox),
            ("jane.doe@acme.org", AddressClass::Person),
            ("norell@acme.org", AddressClass::Person),
        ] {
            assert_eq!(Address::email(text).unwrap().class_by_pattern(), class, "{text}");
        }
    }
}
