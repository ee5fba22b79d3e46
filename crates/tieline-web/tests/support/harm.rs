//! What people and programs that mean harm send, and what must hold of every answer to it.

use scraper::{Html, Selector};

use super::Answer;
use super::world::{COLLEAGUE, actor_of};

/// What people and programs that mean harm send.
pub(crate) fn payloads() -> Vec<Vec<u8>> {
    let texts = [
        "",
        " ",
        "\0",
        "a\0b",
        "\u{1}\u{8}\u{b}\u{1b}[31m\u{7f}\u{85}",
        "\r\nset-cookie: tieline_session=planted\r\n\r\n",
        "'; DROP TABLE account; --",
        "\" OR 1=1 --",
        "' UNION SELECT password FROM account --",
        "%' OR name LIKE '%",
        "NEAR(a b) AND \"unclosed",
        "name:* OR ^x* -y",
        "<xhostile onload=alert(1)>",
        "\"><xhostile onclick=\"x\">",
        "'><xhostile onclick='x'>",
        "</title></script></svg></textarea><script>xhostile()</script>",
        "<img src=x onerror=xhostile()>",
        "<!--<xhostile>",
        "]]><xhostile/>",
        "{{ 7 * 7 }}{% include \"x\" %}${7*7}",
        "javascript:xhostile()",
        "👩‍👩‍👧‍👦🏴󠁧󠁢󠁳󠁣󠁴󠁿",
        "\u{202e}gnp.exe\u{202c}\u{200f}\u{2066}",
        "Z\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}",
        "ﷺ\u{feff}\u{ffff}",
        "9223372036854775807",
        "18446744073709551615",
        "-1",
        "99999999999999999999999999999999999999999",
        "1e309",
        "NaN",
        "-009999-01-01",
        "9999-12-31",
        "2024-02-30",
        "2024-01-02T00:00:00Z",
        "00000000-0000-0000-0000-000000000000",
        "ffffffff-ffff-ffff-ffff-ffffffffffff",
        "AAAA",
        "////",
        "../../../../etc/passwd",
        "..%2f..%2fetc%2fpasswd",
    ];
    let mut all: Vec<Vec<u8>> = texts.iter().map(|text| text.as_bytes().to_vec()).collect();
    all.push(actor_of(COLLEAGUE).to_string().into_bytes());
    all.push(vec![0xff, 0xfe, b'a', 0xc3, 0x28, 0xed, 0xa0, 0x80]);
    // Twice this in a path is nearly the longest address that the server takes.
    all.push("<b>".repeat(4_000).into_bytes());
    all
}

/// Whether the answer is no failure of ours, and, where it is a page, made of our elements alone.
pub(crate) fn check(what: &str, answer: &Answer) {
    assert!(answer.status.as_u16() < 500, "{what}: {} {}", answer.status, answer.text);
    assert!(answer.session().is_none_or(|secret| secret != "planted"), "{what}");
    if !answer.header("content-type").starts_with("text/html") {
        let is_known = [
            "text/plain",
            "",
            "text/css",
            "text/csv",
            "text/javascript",
            "image/svg+xml",
            "application/json",
        ]
        .iter()
        .any(|kind| answer.header("content-type").starts_with(kind));
        assert!(is_known, "{what}: {}", answer.header("content-type"));
        return;
    }
    let page = Html::parse_document(&answer.text);
    for element in page.select(&Selector::parse("*").unwrap()) {
        let name = element.value().name();
        assert!(!["xhostile", "img", "iframe", "object"].contains(&name), "{what}: <{name}>");
        for (attribute, value) in element.value().attrs() {
            assert!(!attribute.starts_with("on"), "{what}: <{name} {attribute}>");
            assert!(!attribute.contains("xhostile"), "{what}: <{name} {attribute}>");
            let is_link = ["href", "action", "src"].contains(&attribute);
            assert!(!(is_link && value.starts_with("javascript:")), "{what}: {value}");
        }
        if name == "script" {
            let own = element.attr("src").is_some_and(|src| src.starts_with("/assets/"));
            assert!(own && element.text().next().is_none(), "{what}: a script of others");
        }
    }
}
