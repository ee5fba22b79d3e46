//! Two small imports that overlap, and an identity over them. Every name is invented.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]
#![allow(dead_code, reason = "each test file uses its part")]

pub(crate) mod table;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tieline_model::address::Address;
use tieline_model::claim::{Claim, ClaimSource};
use tieline_model::id::{ActorId, AddressId, ImportId, ListId, UnitId};
use tieline_model::interaction::LeftOut;
use tieline_model::issue::{Issue, Position, Severity};
use tieline_model::org::{Affiliation, FactSource, Unit, UnitKind};
use tieline_model::time::{DAY_MS, Moment};
use tieline_store::{
    Actor, ActorKind, AttendanceRow, Constraint, IdentityState, ImportFile, ListSender,
    ListSighting, Merge, MergePart, NewImport, Review, Sighting, StatedTieRow, Store, StoreError,
    StoreUrl, Tallies, Tx,
};
use tieline_testkit::Postgres;

/// An empty store of one kind, which can be opened more than once.
pub(crate) struct Home {
    pub(crate) url: StoreUrl,
    /// Where its files are, when they are ours to look at.
    pub(crate) folder: Option<tempfile::TempDir>,
    /// Stops with its last home.
    _server: Option<Arc<Postgres>>,
}

impl Home {
    pub(crate) async fn open(&self) -> Store {
        Store::open(&self.url).await.unwrap()
    }

    /// A store in which a second writer does not wait.
    pub(crate) async fn open_impatient(&self) -> Store {
        Store::open_waiting(&self.url, Duration::ZERO).await.unwrap()
    }
}

pub(crate) fn sqlite() -> Home {
    let folder = tempfile::tempdir().unwrap();
    let url = StoreUrl::file(folder.path().join("tieline.db"));
    Home { url, folder: Some(folder), _server: None }
}

/// One home of each kind; without PostgreSQL on this machine, of SQLite alone.
pub(crate) fn homes() -> Vec<Home> {
    let mut homes = vec![sqlite()];
    if let Some(server) = tieline_testkit::postgres() {
        let url = server.database().parse().unwrap();
        homes.push(Home { url, folder: None, _server: Some(server) });
    }
    homes
}

/// `table.column` of every table of the program in a store, as its database says.
pub(crate) async fn columns(url: &StoreUrl) -> std::collections::BTreeSet<String> {
    use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};
    let (backend, address, sql) = match url {
        StoreUrl::File(path) => (
            DbBackend::Sqlite,
            format!("sqlite:{}", path.display()),
            "SELECT m.name || '.' || c.name FROM sqlite_master m, pragma_table_info(m.name) c \
             WHERE m.type = 'table' AND m.name NOT LIKE 'seaql%' AND m.name NOT LIKE '%\\_index%' \
             ESCAPE '\\'",
        ),
        StoreUrl::Postgres(url) => (
            DbBackend::Postgres,
            url.clone(),
            "SELECT table_name || '.' || column_name FROM information_schema.columns \
             WHERE table_schema = 'public' AND table_name NOT LIKE 'seaql%'",
        ),
    };
    let db = Database::connect(address).await.unwrap();
    let rows = db.query_all_raw(Statement::from_string(backend, sql)).await.unwrap();
    let names = rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect();
    db.close().await.unwrap();
    names
}

pub(crate) async fn open(folder: &Path) -> Store {
    Store::open(&StoreUrl::file(folder.join("tieline.db"))).await.unwrap()
}

pub(crate) fn email(text: &str) -> Address {
    Address::email(text).unwrap()
}

pub(crate) fn address(text: &str) -> AddressId {
    email(text).id()
}

/// A moment so many days after 1970-01-01.
pub(crate) fn moment(day: i64) -> Moment {
    Moment::from_ms(day * DAY_MS)
}

pub(crate) fn new_import(name: &str) -> NewImport {
    NewImport {
        id: ImportId::of(&[name.as_bytes()]),
        label: format!("mail/{name}.mbox"),
        bytes: 1234,
        tool_version: "0.1.0".to_owned(),
    }
}

pub(crate) fn tallies() -> Tallies {
    Tallies {
        read: 12,
        new: 7,
        duplicate: 0,
        left_out: 3,
        issues: 2,
        repaired: 1,
        left_out_by: vec![(LeftOut::Bulk, 1), (LeftOut::Broadcast, 2)],
    }
}

/// Everything that one import brings.
#[derive(Clone)]
pub(crate) struct Batch {
    pub(crate) new: NewImport,
    pub(crate) files: Vec<ImportFile>,
    pub(crate) issues: Vec<Issue>,
    pub(crate) addresses: Vec<Address>,
    pub(crate) sightings: Vec<Sighting>,
    pub(crate) lists: Vec<ListSighting>,
    pub(crate) senders: Vec<ListSender>,
    pub(crate) claims: Vec<Claim>,
    pub(crate) ties: Vec<StatedTieRow>,
    pub(crate) attendance: Vec<AttendanceRow>,
}

impl Batch {
    /// Writes it in two portions, as a long import would.
    pub(crate) async fn write(&self, tx: &Tx) {
        let id = self.new.id;
        for half in 0..2 {
            let of = |n: usize| if half == 0 { 0..n / 2 } else { n / 2..n };
            tx.add_files(id, &self.files[of(self.files.len())]).await.unwrap();
            tx.add_issues(id, &self.issues[of(self.issues.len())]).await.unwrap();
            tx.add_addresses(&self.addresses).await.unwrap();
            tx.add_sightings(id, &self.sightings[of(self.sightings.len())]).await.unwrap();
        }
        tx.add_lists(id, &self.lists).await.unwrap();
        tx.add_list_senders(id, &self.senders).await.unwrap();
        for half in 0..2 {
            let of = |n: usize| if half == 0 { 0..n / 2 } else { n / 2..n };
            tx.add_claims(&self.claims[of(self.claims.len())]).await.unwrap();
            tx.add_stated_ties(id, &self.ties[of(self.ties.len())]).await.unwrap();
            tx.add_attendance(id, &self.attendance[of(self.attendance.len())]).await.unwrap();
        }
    }
}

/// Begins, writes and finishes, each in a transaction of its own.
pub(crate) async fn import(store: &Store, batch: &Batch) {
    let tx = store.begin().await.unwrap();
    tx.begin_import(&batch.new).await.unwrap();
    tx.commit().await.unwrap();
    let tx = store.begin().await.unwrap();
    batch.write(&tx).await;
    tx.commit().await.unwrap();
    let tx = store.begin().await.unwrap();
    tx.finish_import(batch.new.id, &tallies()).await.unwrap();
    tx.commit().await.unwrap();
}

fn seen(text: &str, sent: u64, received: u64, days: Option<(i64, i64)>) -> Sighting {
    Sighting {
        sent,
        received,
        first: days.map(|days| moment(days.0)),
        last: days.map(|days| moment(days.1)),
        ..Sighting::named(address(text))
    }
}

fn claim(import: &NewImport, name: &str, text: &str, count: u32, days: (i64, i64)) -> Claim {
    Claim {
        import: import.id,
        source: ClaimSource::SelfNamed,
        addresses: vec![address(text)],
        name: Some(name.to_owned()),
        given: None,
        family: None,
        nicknames: vec![],
        organisation: None,
        units: vec![],
        title: None,
        manager: None,
        from: None,
        to: None,
        count,
        first: Some(moment(days.0)),
        last: Some(moment(days.1)),
        is_organisation: false,
    }
}

pub(crate) const CARD_LISTS: [&[&str]; 2] = [&["Bobo", "B\u{f6}"], &["Care", "Night, \"late\""]];

pub(crate) fn import_a() -> Batch {
    let new = new_import("a");
    let list = ListId::of(&[b"l.x.example"]);
    let (ada, bo, post) = ("ada@one.example", "bo@two.example", "l@x.example");
    let file = |name: &str, skipped: Option<&str>| ImportFile {
        name: name.to_owned(),
        kind: if skipped.is_none() { "mbox".to_owned() } else { String::new() },
        bytes: 600,
        records: 6,
        lost: 1,
        repaired: 0,
        skipped_why: skipped.map(str::to_owned),
    };
    let issue = |position, severity, reason: &str| Issue {
        file: "mail/a.mbox".to_owned(),
        position,
        severity,
        reason: reason.to_owned(),
    };
    let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let card = Claim {
        source: ClaimSource::Card,
        addresses: vec![address(bo), address(ada)],
        nicknames: owned(CARD_LISTS[0]),
        units: owned(CARD_LISTS[1]),
        organisation: Some("Two & Co".to_owned()),
        from: Some(moment(-3)),
        first: None,
        last: None,
        ..claim(&new, "Bo", bo, 1, (0, 0))
    };
    Batch {
        files: vec![file("mail/a.mbox", None), file("mail/a.zip!notes", Some("no known kind"))],
        issues: vec![
            issue(Position::Byte(7), Severity::Lost, "no header"),
            issue(Position::Line(8), Severity::Repaired, "wrong date"),
            issue(Position::Row(9), Severity::Lost, "no address"),
            issue(Position::File, Severity::Lost, "not readable"),
        ],
        addresses: vec![email(ada), email(bo), email(post), email("a.ek@one.example")],
        sightings: vec![
            seen(ada, 3, 0, Some((10, 20))),
            seen(bo, 1, 1, None),
            seen("a.ek@one.example", 0, 1, None),
            Sighting { was_list_post: true, senders_sketch: 1 << 63, ..seen(post, 0, 9, None) },
            Sighting { senders_sketch: 0b101, ..seen(ada, 4, 2, Some((15, 40))) },
            seen(ada, 0, 0, None),
        ],
        lists: vec![ListSighting {
            list,
            text: "l.x.example".to_owned(),
            messages: 20,
            answers: 8,
            post: Some(address(post)),
        }],
        senders: vec![
            ListSender { list, address: address(ada), messages: 12 },
            ListSender { list, address: address(bo), messages: 8 },
        ],
        claims: vec![
            claim(&new, "Ada Ek", ada, 4, (20, 40)),
            claim(&new, "Ada Ek", "a.ek@one.example", 1, (20, 20)),
            claim(&new, "Ada Ek", ada, 3, (10, 30)),
            card,
        ],
        ties: vec![StatedTieRow {
            import: new.id,
            from: address(ada),
            to: address(bo),
            weight: 2.5,
            directed: true,
            kind: Some("advice".to_owned()),
            since: Some(moment(1)),
            until: None,
        }],
        attendance: vec![AttendanceRow {
            import: new.id,
            person: address(bo),
            event: "Fair \u{1f3aa}".to_owned(),
        }],
        new,
    }
}

pub(crate) fn import_b() -> Batch {
    let new = new_import("b");
    let list = ListId::of(&[b"l.x.example"]);
    let (ada, cy) = ("ada@one.example", "cy@three.example");
    Batch {
        files: vec![],
        issues: vec![],
        addresses: vec![email(ada), email(cy)],
        sightings: vec![
            Sighting { senders_sketch: 0b110, ..seen(ada, 5, 0, Some((30, 90))) },
            seen(cy, 0, 5, Some((30, 90))),
        ],
        lists: vec![ListSighting {
            list,
            text: "l.x.example".to_owned(),
            messages: 10,
            answers: 4,
            post: None,
        }],
        senders: vec![ListSender { list, address: address(ada), messages: 10 }],
        claims: vec![claim(&new, "\u{c7}elik Y\u{131}lmaz", cy, 2, (30, 90))],
        ties: vec![StatedTieRow {
            import: new.id,
            from: address(cy),
            to: address(ada),
            weight: 1.0,
            directed: false,
            kind: None,
            since: None,
            until: None,
        }],
        attendance: vec![],
        new,
    }
}

fn actor(name: &str, addresses: &[&str]) -> Actor {
    let addresses: Vec<AddressId> = addresses.iter().map(|text| address(text)).collect();
    Actor {
        id: ActorId::derived(&[&addresses[0].as_i64().to_le_bytes()]),
        anchor: addresses[0],
        name: name.to_owned(),
        given: name.split_once(' ').map(|parts| parts.0.to_owned()),
        family: None,
        kind: ActorKind::Person,
        addresses,
        merges: vec![],
    }
}

pub(crate) fn identity() -> IdentityState {
    let mut ada = actor("Ada Ek", &["ada@one.example", "a.ek@one.example"]);
    ada.merges = vec![Merge {
        a: ada.addresses[0],
        b: ada.addresses[1],
        rule: "same-name-same-domain".to_owned(),
        probability: 0.995_124,
        weight_bits: 18.638_21,
        parts: vec![MergePart {
            field: "given".to_owned(),
            level: "exact".to_owned(),
            weight: 6.321_928,
        }],
        sentence: "the same name at the same domain".to_owned(),
    }];
    let bo = actor("bo 100%", &["bo@two.example"]);
    let cy = actor("\u{c7}elik Y\u{131}lmaz", &["cy@three.example"]);
    let unit = |name: &str, kind: UnitKind, parent: Option<UnitId>, domains: &[&str]| Unit {
        id: UnitId::derived(&[name.as_bytes()]),
        kind,
        name: name.to_owned(),
        parent,
        domains: domains.iter().map(|domain| (*domain).to_owned()).collect(),
    };
    let trust = unit("One Trust", UnitKind::Organisation, None, &["one.example"]);
    let nursing = unit("Nursing", UnitKind::Department, Some(trust.id), &[]);
    let other = unit("Other", UnitKind::Organisation, None, &[]);
    let belongs = |actor: &Actor, unit: &Unit, to: Option<i64>, proposed: bool| Affiliation {
        actor: actor.id,
        unit: unit.id,
        title: Some("lead".to_owned()),
        from: Some(moment(1)),
        to: to.map(moment),
        manager: None,
        source: FactSource::Directory,
        proposed,
    };
    let under_her = Affiliation { manager: Some(ada.id), ..belongs(&bo, &trust, Some(100), false) };
    let review = |a: AddressId, b: AddressId| Review {
        a,
        b,
        probability: 0.7,
        reasons_for: vec!["the same name".to_owned()],
        reasons_against: vec!["another organisation".to_owned(), "never met".to_owned()],
    };
    IdentityState {
        reviews: vec![review(ada.anchor, bo.anchor), review(cy.anchor, bo.anchor)],
        affiliations: vec![
            belongs(&ada, &nursing, None, false),
            under_her,
            belongs(&bo, &other, None, true),
        ],
        actors: vec![ada, bo, cy],
        units: vec![trust, nursing, other],
    }
}

/// Equal but for the order of actors, units and affiliations of different actors.
pub(crate) fn assert_same_identity(found: &IdentityState, expected: &IdentityState) {
    let sorted = |state: &IdentityState| {
        let mut state = state.clone();
        state.actors.sort_by_key(|actor| actor.id);
        state.units.sort_by_key(|unit| unit.id);
        state.affiliations.sort_by_key(|one| one.actor);
        state
    };
    assert_eq!(sorted(found), sorted(expected));
}

/// Does a verb in a transaction of its own: committed if it was done.
#[allow(unused_macros, reason = "each test file uses its part")]
macro_rules! done {
    ($store:expr, $tx:ident => $verb:expr) => {{
        let $tx = $store.begin().await.unwrap();
        let done = $verb.await;
        if done.is_ok() {
            $tx.commit().await.unwrap()
        } else {
            $tx.rollback().await.unwrap()
        }
        done
    }};
}
#[allow(unused_imports, reason = "each test file uses its part")]
pub(crate) use done;

/// The rule that a verb would have broken.
pub(crate) fn conflict<T: std::fmt::Debug>(result: Result<T, StoreError>) -> Constraint {
    match result {
        Err(StoreError::Conflict(rule)) => rule,
        other => panic!("{other:?}"),
    }
}

/// What is asked for is not there, or not for whoever asks.
pub(crate) fn is_gone<T: std::fmt::Debug>(result: &Result<T, StoreError>) {
    assert!(matches!(result, Err(StoreError::NotFound { .. })), "{result:?}");
}
