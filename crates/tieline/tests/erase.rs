//! Forgetting a person: nothing that the data folder holds names them afterwards.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what it expects")]

mod support;

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use support::Tieline;
use tieline_model::address::Address;
use tieline_model::id::AddressId;
use tieline_store::{Store, StoreUrl};

/// Leads the Housing department of the demo world, so other rows name this person as manager.
const EMAIL: &str = "chidi.threlfall@northmoor-council.example";
const PHONE: &str = "01632 960000";
/// Their number in the directory.
const REFERENCE: &str = "C1001";
const NAME: [&str; 2] = ["chidi", "threlfall"];

/// Archives of which paths, and one file that cannot be read, name the person too.
fn archives(folder: &Path) -> PathBuf {
    let world = tieline_testkit::small_world();
    let own = folder.join("threlfall-c").join("inbox");
    fs::create_dir_all(&own).unwrap();
    fs::copy(&world.mail, own.join("Chidi Threlfall.mbox")).unwrap();
    fs::copy(&world.directory, folder.join("directory.csv")).unwrap();
    fs::copy(&world.contacts, folder.join("contacts.vcf")).unwrap();
    fs::write(own.join("chidi_threlfall.bin"), [0_u8, 159, 146, 150, 7]).unwrap();
    fs::write(
        own.join("ChidiThrelfall-2.mbox"),
        "From a@b.example Thu Jan  1 00:00:00 1970\nFrom: a@b.example\nMessage-ID: <u@x>\n\nx\n\n",
    )
    .unwrap();
    folder.to_owned()
}

/// Everything that would tell who it was.
struct Traces {
    texts: Vec<String>,
    ids: Vec<i64>,
    actor: uuid::Uuid,
}

impl Traces {
    fn of(tieline: &Tieline) -> Self {
        let rows = tieline.rows(&["people", "--search", EMAIL, "--json"]);
        let actor = rows[0]["id"].as_str().unwrap().to_owned();
        let phone = Address::phone(PHONE).unwrap();
        let ids: Vec<AddressId> = vec![Address::mail(EMAIL).unwrap().id(), phone.id()];
        let mut texts: Vec<String> = vec![EMAIL.to_owned(), phone.text().to_owned(), actor.clone()];
        texts.extend(NAME.map(str::to_owned));
        texts.push(REFERENCE.to_lowercase());
        texts.extend(ids.iter().map(ToString::to_string));
        texts.extend(ids.iter().map(|id| id.as_i64().to_string()));
        Self {
            texts,
            ids: ids.into_iter().map(AddressId::as_i64).collect(),
            actor: actor.parse().unwrap(),
        }
    }

    fn in_text(&self, text: &str) -> Option<&str> {
        let text = text.to_lowercase();
        self.texts.iter().find(|trace| text.contains(trace.as_str())).map(String::as_str)
    }

    /// Raw bytes, whatever they are part of: pages in use, free ones, the write-ahead log.
    fn in_bytes(&self, bytes: &[u8]) -> Option<String> {
        let ids =
            self.ids.iter().flat_map(|id| [id.to_be_bytes().to_vec(), id.to_le_bytes().to_vec()]);
        let mut numbers = ids.chain([self.actor.as_bytes().to_vec()]);
        let lower = bytes.to_ascii_lowercase();
        let holds =
            |bytes: &[u8], part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
        // Seven characters are found by chance in compressed pages: those are decoded instead.
        let long = self.texts.iter().filter(|text| text.len() > 5);
        long.clone()
            .find(|text| holds(&lower, text.as_bytes()))
            .cloned()
            .or_else(|| numbers.find(|part| holds(bytes, part)).map(|part| format!("{part:02x?}")))
    }

    fn in_field(&self, field: &Field) -> bool {
        match field {
            Field::Long(value) => self.ids.contains(value),
            Field::ULong(value) => self.ids.iter().any(|id| *id as u64 == *value),
            other => self.in_text(&other.to_string()).is_some(),
        }
    }
}

/// Every value of every table, and every file as bytes.
fn assert_gone(tieline: &Tieline, traces: &Traces) {
    let data = tieline.data.path();
    let tables = decoded_tables(data);
    for (table, row) in &tables {
        assert_eq!(traces.in_text(row), None, "{table}: {row}");
    }
    let (mut parquet, mut values) = (0, 0);
    for name in support::files(data).keys() {
        let path = data.join(name);
        assert_eq!(traces.in_bytes(&fs::read(&path).unwrap()), None, "{}", name.display());
        assert_eq!(traces.in_text(&name.display().to_string()), None, "{}", name.display());
        if name.extension().is_some_and(|extension| extension == "parquet") {
            parquet += 1;
            let reader = SerializedFileReader::new(File::open(&path).unwrap()).unwrap();
            for row in reader.get_row_iter(None).unwrap() {
                for (column, field) in row.unwrap().get_column_iter() {
                    values += 1;
                    assert!(!traces.in_field(field), "{}: {column} = {field}", name.display());
                }
            }
        }
    }
    assert!(parquet > 2 && values > 1000, "{values} values in {parquet} files were looked at");
}

/// Rows of every table as text, with the history.
fn decoded_tables(data: &Path) -> Vec<(String, String)> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = Store::open(&StoreUrl::file(data.join("tieline.db"))).await.unwrap();
        let mut rows: Vec<(String, String)> = Vec::new();
        for (table, lines) in store.contents().await.unwrap() {
            rows.extend(lines.into_iter().map(|line| (table.to_owned(), line)));
        }
        for event in store.history(10_000).await.unwrap() {
            rows.push(("history".to_owned(), format!("{event:?}")));
        }
        store.close().await.unwrap();
        rows
    })
}

#[test]
fn an_erased_person_is_named_by_no_table_no_file_and_no_label_and_stays_out() {
    let folder = tempfile::tempdir().unwrap();
    let archives = archives(folder.path());
    let tieline = Tieline::new();
    tieline.import(&[&archives]);
    let others: Vec<String> = tieline
        .rows(&["people", "--json", "--limit", "10000"])
        .iter()
        .map(|row| row["address"].as_str().unwrap().to_owned())
        .filter(|address| address.contains("northmoor-council") && address != EMAIL)
        .take(2)
        .collect();
    let said = "Chidi Threlfall told me, and so did chidi.threlfall";
    tieline.ok(&["identities", "merge", &others[0], &others[1], "--reason", said]);
    let mut traces = Traces::of(&tieline);
    let before = decoded_tables(tieline.data.path());
    for table in ["import_file", "import_issue", "claim", "address", "actor", "decision"] {
        let named = before.iter().any(|(of, row)| of == table && traces.in_text(row).is_some());
        assert!(named, "{table} names the person beforehand");
    }
    let offered = tieline.ok(&["people", "erase", EMAIL]);
    assert!(offered.contains("--yes"), "{offered}");
    let said = tieline.ok(&["people", "erase", EMAIL, "--yes"]);
    assert!(said.contains("labels, file names and notes say [erased]"), "{said}");
    assert_gone(&tieline, &traces);
    let files = decoded_tables(tieline.data.path());
    let kept = |part: &str| files.iter().any(|(of, row)| of == "import_file" && row.contains(part));
    assert!(
        kept("[erased]/inbox/[erased].mbox") && kept("directory.csv"),
        "the rest of a path stays"
    );

    // The same archives under names that name nobody bring nothing back. Their rows still give the
    // number of a manager, which is nobody's number now.
    let world = tieline_testkit::small_world();
    tieline.import(&[&world.dir]);
    traces.texts.retain(|text| !text.eq_ignore_ascii_case(REFERENCE));
    assert_gone(&tieline, &traces);
    assert!(tieline.rows(&["people", "--search", EMAIL, "--json"]).is_empty());
}

#[test]
fn the_only_owner_is_refused_before_anything_is_rewritten() {
    let (tieline, world) = (Tieline::new(), tieline_testkit::small_world());
    tieline.import(&[world.mail.as_path(), &world.directory]);
    let url = StoreUrl::file(tieline.data.path().join("tieline.db"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = Store::open(&url).await.unwrap();
        let tx = store.begin().await.unwrap();
        let owner = tieline_store::NewAccount {
            login: "owner".to_owned(),
            name: "owner".to_owned(),
            role: tieline_model::access::Role::Owner,
            password_hash: None,
            actor: Some(Address::mail(EMAIL).unwrap().id()),
        };
        tx.add_account(&owner).await.unwrap();
        tx.commit().await.unwrap();
        store.close().await.unwrap();
    });
    tieline.ok(&["people", "--json"]);
    let before = support::files(&tieline.data.path().join("lake"));
    let refused = tieline.fails(&["people", "erase", EMAIL, "--yes"]);
    assert!(refused.contains("needs an owner"), "{refused}");
    assert!(support::files(&tieline.data.path().join("lake")) == before);
}
