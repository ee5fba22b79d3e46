//! What forms have in common.

/// What is wrong with one field, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Id of the field.
    pub(crate) field: &'static str,
    /// What to do about it.
    pub(crate) text: String,
}

impl Fault {
    /// A fault of a field.
    pub(crate) fn new(field: &'static str, text: impl Into<String>) -> Self {
        Self { field, text: text.into() }
    }
}

/// What is wrong with this field.
pub(crate) fn fault_of<'a>(faults: &'a [Fault], field: &str) -> Option<&'a str> {
    faults.iter().find(|fault| fault.field == field).map(|fault| fault.text.as_str())
}

/// A path of this site to go to, made of what a form brought; anything else leads to Today.
pub(crate) fn own_path(next: &str) -> &str {
    let bytes = next.as_bytes();
    let own = bytes.first() == Some(&b'/') && !matches!(bytes.get(1), Some(b'/' | b'\\'));
    if own && !bytes.iter().any(|byte| byte.is_ascii_control()) { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn only_paths_of_this_site_are_gone_to() {
        assert_eq!(own_path("/people?q=a"), "/people?q=a");
        for elsewhere in
            ["//evil.example", "/\\evil.example", "https://evil.example", "", "/a\r\nb"]
        {
            assert_eq!(own_path(elsewhere), "/", "{elsewhere:?}");
        }
    }
}
