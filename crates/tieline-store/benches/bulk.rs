//! Rows per CPU second of the bulk verbs, on a SQLite file in the temporary folder. CPU time of all
//! threads, so that a busy machine gives the same figures. Numbers in BENCHMARKS.md come from
//! `cargo bench -p tieline-store`.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark reports to a person")]

use std::time::Instant;

use tieline_model::address::Address;
use tieline_model::claim::{Claim, ClaimSource};
use tieline_model::id::{ActorId, ImportId};
use tieline_model::time::Moment;
use tieline_store::{
    Actor, ActorKind, IdentityState, NewImport, PeopleQuery, Sighting, Store, StoreUrl, Tallies,
};

/// Rows of each kind.
const N: usize = 200_000;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(bulk());
    runtime.block_on(async {
        let home = tempfile::tempdir().unwrap();
        search("SQLite", &StoreUrl::file(home.path().join("search.db"))).await;
        if let Some(server) = tieline_testkit::postgres() {
            search("PostgreSQL", &server.database().parse().unwrap()).await;
        }
    });
}

/// Milliseconds of one search among 100,000 people, the least of several, from the rarest word to
/// the commonest. Names are made of syllables, so that words begin alike as real ones do.
async fn search(what: &str, url: &StoreUrl) {
    const SYLLABLES: [&str; 24] = [
        "an", "be", "co", "da", "el", "fi", "ga", "ho", "in", "ju", "ka", "lo", "ma", "no", "or",
        "pe", "ri", "sa", "to", "ul", "va", "wi", "yo", "ze",
    ];
    let people: Vec<Address> = (0..100_000_usize)
        .map(|n| {
            let part = |k: u32| SYLLABLES[n / 24_usize.pow(k) % 24];
            let (given, family) = (part(0).to_owned() + part(2), part(1).to_owned() + part(3));
            Address::email(&format!("{given}.{family}{n}@unit{}.example", n % 97)).unwrap()
        })
        .collect();
    let store = Store::open(url).await.unwrap();
    let tx = store.begin().await.unwrap();
    let actors = people.iter().map(actor).collect();
    tx.replace_identity(&IdentityState { actors, ..IdentityState::default() }).await.unwrap();
    tx.commit().await.unwrap();
    for text in ["beanmaan", "annoo 5", "ancoanan1", "anco", "ma no", "an", "a"] {
        let query = PeopleQuery { text: Some(text.to_owned()), limit: 50, ..Default::default() };
        let (mut page, mut count, mut n) = (f64::MAX, f64::MAX, 0);
        for _ in 0..10 {
            let start = Instant::now();
            store.people(&query).await.unwrap();
            page = page.min(start.elapsed().as_secs_f64() * 1000.0);
            let start = Instant::now();
            n = store.count_people(&query).await.unwrap();
            count = count.min(start.elapsed().as_secs_f64() * 1000.0);
        }
        println!("{what:12} {text:12} page {page:7.2} ms, count {count:7.2} ms, {n} people");
    }
}

async fn bulk() {
    let home = tempfile::tempdir().unwrap();
    let store = Store::open(&StoreUrl::file(home.path().join("bulk.db"))).await.unwrap();
    let addresses: Vec<Address> = (0..N)
        .map(|n| Address::email(&format!("person.{n}@unit{}.example", n % 997)).unwrap())
        .collect();
    let new = NewImport {
        id: ImportId::of(&[b"bulk"]),
        label: "bulk".to_owned(),
        bytes: 0,
        tool_version: String::new(),
    };
    let claims: Vec<Claim> = addresses.iter().map(|address| claim(&new, address)).collect();
    let sightings: Vec<Sighting> = addresses
        .iter()
        .map(|address| Sighting { sent: 1, ..Sighting::named(address.id()) })
        .collect();

    let tx = store.begin().await.unwrap();
    tx.begin_import(&new).await.unwrap();
    report("add_addresses", async { tx.add_addresses(&addresses).await.unwrap() }).await;
    report("add_sightings", async { tx.add_sightings(new.id, &sightings).await.unwrap() }).await;
    report("add_sightings again", async { tx.add_sightings(new.id, &sightings).await.unwrap() })
        .await;
    report("add_claims", async { tx.add_claims(&claims).await.unwrap() }).await;
    tx.finish_import(new.id, &Tallies::default()).await.unwrap();
    let identity =
        IdentityState { actors: addresses.iter().map(actor).collect(), ..IdentityState::default() };
    report("replace_identity", async { tx.replace_identity(&identity).await.unwrap() }).await;
    report("commit", async { tx.commit().await.unwrap() }).await;

    report("all_addresses", async { drop(store.all_addresses().await.unwrap()) }).await;
    report("claims", async { drop(store.claims().await.unwrap()) }).await;
    report("identity", async { drop(store.identity().await.unwrap()) }).await;
    let text = Some("person 199999".to_owned());
    let query = PeopleQuery { text, ..PeopleQuery::default() };
    report("people by text", async {
        assert_eq!(store.people(&query).await.unwrap().0.len(), 1);
    })
    .await;
    let tx = store.begin().await.unwrap();
    report("undo_import", async { tx.undo_import(new.id).await.unwrap() }).await;
    tx.commit().await.unwrap();
}

async fn report(what: &str, work: impl Future<Output = ()>) {
    let (start, cpu) = (Instant::now(), cpu_seconds());
    work.await;
    let (wall, cpu) = (start.elapsed().as_secs_f64(), cpu_seconds() - cpu);
    println!("{what:30} {:>9.0} rows per CPU s   {cpu:.2} CPU s, {wall:.2} s", N as f64 / cpu);
}

/// User and system time of this process; ticks of 10 ms on Linux.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let after_name = stat.rsplit_once(')').unwrap().1;
    let ticks: f64 = after_name
        .split_whitespace()
        .skip(11)
        .take(2)
        .map(|field| field.parse::<f64>().unwrap())
        .sum();
    ticks / 100.0
}

fn claim(new: &NewImport, address: &Address) -> Claim {
    Claim {
        import: new.id,
        source: ClaimSource::SelfNamed,
        addresses: vec![address.id()],
        name: address.local().map(str::to_owned),
        given: None,
        family: None,
        nicknames: vec![],
        organisation: None,
        units: vec![],
        title: None,
        manager: None,
        from: None,
        to: None,
        count: 1,
        first: Some(Moment::from_ms(0)),
        last: Some(Moment::from_ms(1)),
        is_organisation: false,
    }
}

fn actor(address: &Address) -> Actor {
    Actor {
        id: ActorId::derived(&[address.text().as_bytes()]),
        anchor: address.id(),
        name: address.local().unwrap_or_default().replace('.', " "),
        given: None,
        family: None,
        kind: ActorKind::Person,
        addresses: vec![address.id()],
        merges: vec![],
    }
}
