//! What may be linked into Tieline: licences, crates, and where they come from. Reads
//! `cargo metadata`, needs no network and no other tool.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

/// Licences that an Apache-2.0 OR MIT binary may carry.
const ALLOWED: [&str; 16] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
    "bzip2-1.0.6",
];

/// Crates that must not come in, and why.
const BANNED: [(&str, &str); 3] = [
    ("openssl-sys", "TLS is rustls: a binary must run on a machine without OpenSSL"),
    ("native-tls", "TLS is rustls"),
    ("rusqlite", "SQLite is reached through SeaORM alone"),
];

/// Newest compiler the workspace may need.
const NEWEST_RUST: (u32, u32) = (1, 95);

/// Checks every crate of the lock file that a build on this platform needs.
///
/// # Errors
/// Names every crate that breaks a rule.
pub(crate) fn check() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let output = Command::new(env!("CARGO"))
        .current_dir(root)
        // Offline, only the crates that a build on this platform needs are there.
        .args(["metadata", "--offline", "--format-version", "1", "--filter-platform", &host()?])
        .output()
        .context("starting cargo metadata")?;
    if !output.status.success() {
        bail!("cargo metadata: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let packages = metadata["packages"].as_array().context("cargo metadata lists no packages")?;
    let wrong: Vec<String> = packages.iter().flat_map(faults).collect();
    if !wrong.is_empty() {
        bail!("{} faults:\n  {}", wrong.len(), wrong.join("\n  "));
    }
    println!("licences: {} crates checked", packages.len());
    Ok(())
}

/// The platform this runs on, as the compiler calls it.
fn host() -> Result<String> {
    let output = Command::new("rustc").arg("-vV").output().context("starting rustc")?;
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().find_map(|line| line.strip_prefix("host: "));
    line.map(str::to_owned).context("rustc does not tell its host")
}

fn faults(package: &Value) -> Vec<String> {
    let text = |field: &str| package[field].as_str().unwrap_or("");
    let name = format!("{} {}", text("name"), text("version"));
    let mut faults = Vec::new();
    match package["license"].as_str() {
        Some(expression) if allowed(expression) => {}
        Some(expression) => faults.push(format!("{name}: licence {expression} is not allowed")),
        None if package["license_file"].is_string() => {
            faults.push(format!("{name}: has a licence file without a name"));
        }
        None => faults.push(format!("{name}: states no licence")),
    }
    if let Some((_, why)) = BANNED.iter().find(|banned| banned.0 == text("name")) {
        faults.push(format!("{name}: {why}"));
    }
    if text("name") == "mail-parser" && !text("version").starts_with("0.11.") {
        faults.push(format!("{name}: later versions need a newer compiler"));
    }
    let from_registry = text("source").starts_with("registry+");
    if !package["source"].is_null() && !from_registry {
        faults.push(format!("{name}: comes from {}, not from a registry", text("source")));
    }
    if package["rust_version"].as_str().is_some_and(|version| rust(version) > NEWEST_RUST) {
        faults.push(format!("{name}: needs rustc {}", text("rust_version")));
    }
    faults
}

fn rust(version: &str) -> (u32, u32) {
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
    (parts.next().unwrap_or(0), parts.next().unwrap_or(0))
}

/// Whether one way of reading the SPDX expression is allowed. `/` is the old way to write OR.
fn allowed(expression: &str) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    either(&mut rest) && rest.is_empty()
}

/// `A OR B OR ...`
fn either(rest: &mut &[&str]) -> bool {
    let mut result = both(rest);
    while let Some((&"OR", tail)) = rest.split_first() {
        *rest = tail;
        result |= both(rest);
    }
    result
}

/// `A AND B AND ...`
fn both(rest: &mut &[&str]) -> bool {
    let mut result = one(rest);
    while let Some((&"AND", tail)) = rest.split_first() {
        *rest = tail;
        result &= one(rest);
    }
    result
}

/// A licence, with its exception, or an expression in brackets.
fn one(rest: &mut &[&str]) -> bool {
    let Some((first, tail)) = rest.split_first() else { return false };
    *rest = tail;
    if *first == "(" {
        let inner = either(rest);
        if let Some((&")", tail)) = rest.split_first() {
            *rest = tail;
        }
        return inner;
    }
    let mut licence = (*first).to_owned();
    if let [with @ "WITH", exception, tail @ ..] = *rest {
        licence = format!("{licence} {with} {exception}");
        *rest = tail;
    }
    ALLOWED.contains(&licence.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_read_as_spdx_says() {
        for (expression, expected) in [
            ("MIT", true),
            ("MIT/Apache-2.0", true),
            ("GPL-3.0-only", false),
            ("GPL-3.0-only OR MIT", true),
            ("GPL-3.0-only AND MIT", false),
            ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
            ("(MIT OR GPL-2.0) AND GPL-2.0", false),
            ("Apache-2.0 WITH LLVM-exception OR GPL-2.0", true),
            ("", false),
            ("MIT Apache-2.0", false),
        ] {
            assert_eq!(allowed(expression), expected, "{expression}");
        }
    }
}
