//! Bundles scripts and styles from npm, and cuts the icons in use, into the program.
//!
//! `npm ci` runs when the lock file changed; esbuild runs when a source did. Where Node is not to be
//! had, `TIELINE_WEB_ASSETS` names a folder with what an earlier build left in `bundle/`.

use std::collections::hash_map::DefaultHasher;
use std::fmt::Write as _;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

/// Where ready-made assets lie.
const READY: &str = "TIELINE_WEB_ASSETS";

/// What browsers load: file of the bundle, name in the program, media type.
const ASSETS: &[(&str, &str, &str)] = &[
    ("app.js", "APP_JS", "text/javascript; charset=utf-8"),
    ("network.js", "NETWORK_JS", "text/javascript; charset=utf-8"),
    ("app.css", "APP_CSS", "text/css; charset=utf-8"),
    ("report.css", "REPORT_CSS", "text/css; charset=utf-8"),
];

/// Fonts have names of their own, which the style sheet uses.
const FONTS: &[&str] = &["inter.woff2", "source-serif.woff2"];

type Done<T> = Result<T, String>;

fn main() {
    if let Err(message) = build() {
        println!("cargo::error={message}");
    }
}

fn build() -> Done<()> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(text)?);
    let out = PathBuf::from(env::var("OUT_DIR").map_err(text)?);
    for watched in ["npm/package-lock.json", "npm/src", "assets", "build.rs"] {
        println!("cargo::rerun-if-changed={watched}");
    }
    println!("cargo::rerun-if-env-changed={READY}");
    let bundle = out.join("bundle");
    fs::create_dir_all(&bundle).map_err(text)?;
    match env::var_os(READY) {
        Some(ready) => copy_all(Path::new(&ready), &bundle)?,
        None => {
            let packages = packages(&root.join("npm"), &out.join("npm"))?;
            scripts_and_styles(&root, &packages, &bundle)?;
            let icons = icons(&root.join("assets/icons.txt"), &packages)?;
            fs::write(bundle.join("icons.rs"), icons).map_err(text)?;
        }
    }
    fs::write(out.join("assets.rs"), table(&root, &bundle)?).map_err(text)?;
    fs::copy(bundle.join("icons.rs"), out.join("icons.rs")).map_err(text)?;
    Ok(())
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// Installs the packages of the lock file beside the build, so that the sources stay clean; gives
/// their folder.
fn packages(sources: &Path, work: &Path) -> Done<PathBuf> {
    let lock = fs::read(sources.join("package-lock.json")).map_err(text)?;
    let stamp = work.join("installed");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(work.join("node_modules"));
    }
    fs::create_dir_all(work).map_err(text)?;
    for name in ["package.json", "package-lock.json", ".npmrc"] {
        fs::copy(sources.join(name), work.join(name)).map_err(text)?;
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--ignore-scripts", "--prefer-offline"]).current_dir(work);
    run(npm, "npm ci")?;
    fs::write(stamp, lock).map_err(text)?;
    Ok(work.join("node_modules"))
}

fn run(mut command: Command, what: &str) -> Done<()> {
    let output = command.output().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => format!(
            "{what}: Node is needed to build the web pages: install Node 20 or later with npm, or \
             point {READY} at the bundle of another build"
        ),
        _ => format!("{what}: {error}"),
    })?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr).replace('\n', " | ");
    Err(format!("{what} failed: {said}"))
}

fn scripts_and_styles(root: &Path, packages: &Path, bundle: &Path) -> Done<()> {
    let mut esbuild = Command::new("node");
    esbuild.arg(packages.join("esbuild/bin/esbuild"));
    for script in ["app.ts", "network.ts"] {
        esbuild.arg(root.join("npm/src").join(script));
    }
    esbuild
        .arg(format!("app={}", root.join("assets/css/app.css").display()))
        .arg(format!("report={}", root.join("assets/css/report-live.css").display()))
        .args(["--bundle", "--minify", "--format=iife", "--target=es2022", "--legal-comments=none"])
        .args(["--external:*.woff2", "--log-level=warning"])
        .arg(format!("--outdir={}", bundle.display()))
        .env("NODE_PATH", packages);
    run(esbuild, "esbuild")
}

/// One constant an icon: the inside of its SVG, named as in `icons.txt`.
fn icons(list: &Path, packages: &Path) -> Done<String> {
    let mut out = String::new();
    for name in fs::read_to_string(list).map_err(text)?.lines().filter(|line| !line.is_empty()) {
        let path = packages.join(format!("lucide-static/icons/{name}.svg"));
        let svg = fs::read_to_string(&path).map_err(|_| format!("there is no icon '{name}'"))?;
        let start = svg.find("<svg").unwrap_or(0);
        let inside = svg[start..].split_once('>').map_or("", |(_, rest)| rest);
        let inside: String = inside.trim_end().trim_end_matches("</svg>").split('\n').fold(
            String::new(),
            |mut all, line| {
                all.push_str(line.trim());
                all
            },
        );
        let shown = name.to_uppercase().replace('-', "_");
        let svg =
            format!(r#"<svg class="i" viewBox="0 0 24 24" aria-hidden="true">{inside}</svg>"#);
        let _ =
            writeln!(out, "/// Icon `{name}`.\npub(crate) const {shown}: &str = r##\"{svg}\"##;");
    }
    Ok(out)
}

/// The table of embedded files; their paths change with their content.
fn table(root: &Path, bundle: &Path) -> Done<String> {
    let mut out = String::new();
    let mut all = String::new();
    let fonts = FONTS.iter().map(|name| {
        let shown = name.to_uppercase().replace(['.', '-'], "_");
        (root.join("assets/fonts").join(name), (*name).to_owned(), shown, "font/woff2")
    });
    let bundled = ASSETS.iter().map(|(file, shown, kind)| {
        let path = bundle.join(file);
        let hashed = fs::read(&path).map(|bytes| named_by_content(file, &bytes));
        (path, hashed.unwrap_or_else(|_| (*file).to_owned()), (*shown).to_owned(), *kind)
    });
    for (path, name, shown, kind) in bundled.chain(fonts) {
        let file = path.display();
        let _ = writeln!(
            out,
            "/// `{name}`.\npub(crate) const {shown}: Asset = Asset {{ path: \"/assets/{name}\", kind: \
             \"{kind}\", bytes: include_bytes!({file:?}) }};",
            file = file.to_string()
        );
        let _ = write!(all, "{shown}, ");
    }
    let _ = writeln!(out, "/// All of them.\npub(crate) const ALL: &[Asset] = &[{all}];");
    Ok(out)
}

fn named_by_content(file: &str, bytes: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    let (stem, extension) = file.split_once('.').unwrap_or((file, ""));
    format!("{stem}-{:016x}.{extension}", hasher.finish())
}

fn copy_all(from: &Path, to: &Path) -> Done<()> {
    for name in ASSETS.iter().map(|(file, ..)| *file).chain(["icons.rs"]) {
        fs::copy(from.join(name), to.join(name))
            .map_err(|error| format!("{READY}: cannot read {name}: {error}"))?;
    }
    Ok(())
}
