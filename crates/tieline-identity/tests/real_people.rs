//! Identity on real people: the authors of git under its mailmap, and the people and companies of
//! stackalytics. Floors fail on a drop; figures are printed.
//!
//! What the data offers as evidence:
//! * git: each (name, e-mail) that commits were written under, as a name that an address gives
//!   itself. Gold: the project's mailmap, which is incomplete.
//! * stackalytics: one name a person and their addresses. Every address claims that name, so recall
//!   by name is by construction high there; the run measures precision and the number of reviews. A
//!   second run withholds the name from all addresses but one.
//!
//! Each applied pair that the gold does not have is judged once, by hand, in
//! `judgements/*.csv`, by the two address ids: no name or address is kept in the repository.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test stops where its own set-up fails, and prints its figures"
)]

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Read;
use std::path::{Path, PathBuf};

use tieline_identity::{
    AddressFacts, Evidence, OrganisationName, Params, Resolution, resolve, resolve_organisations,
};
use tieline_model::address::Address;
use tieline_model::claim::{Claim, ClaimSource};
use tieline_model::id::{AddressId, ImportId};

type Pair = (AddressId, AddressId);

fn pair(a: AddressId, b: AddressId) -> Pair {
    (a.min(b), a.max(b))
}

/// The folder of the identity data; `None`, with a line that says so, where it is not here.
fn data_folder() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let named = std::env::var_os("TIELINE_TESTDATA").map(PathBuf::from);
    let folder = named.unwrap_or_else(|| root.join("../shared/data")).join("open/6-identity");
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "no test data at {}", folder.display());
    println!("skipped: no test data at {}", folder.display());
    None
}

fn read_xz(path: &Path) -> String {
    let mut text = String::new();
    let file = std::fs::File::open(path).unwrap();
    liblzma::read::XzDecoder::new(file).read_to_string(&mut text).unwrap();
    text
}

/// Claims of (name, address) pairs, with the gold that is known of them.
#[derive(Default)]
struct People {
    addresses: BTreeMap<AddressId, AddressFacts>,
    claims: Vec<Claim>,
    /// Gold person of each address; some mailmaps give an address to several.
    gold: BTreeMap<AddressId, BTreeSet<String>>,
}

impl People {
    fn add(&mut self, name: Option<&str>, email: &str, person: &str, count: u32) {
        let Some(address) = Address::mail(email) else { return };
        let id = address.id();
        let class = address.class_by_pattern();
        self.addresses.entry(id).or_insert(AddressFacts {
            id,
            address,
            class,
            sent: u64::from(count),
            received: 0,
            first: None,
            last: None,
            rank: 1,
        });
        self.gold.entry(id).or_default().insert(person.to_owned());
        self.claims.push(Claim {
            import: ImportId::of(&[b"real people"]),
            source: ClaimSource::SelfNamed,
            addresses: vec![id],
            name: name.map(str::to_owned),
            given: None,
            family: None,
            nicknames: Vec::new(),
            organisation: None,
            units: Vec::new(),
            title: None,
            manager: None,
            from: None,
            to: None,
            count,
            first: None,
            last: None,
            is_organisation: false,
        });
    }

    fn resolve(&self) -> Resolution {
        let addresses: Vec<AddressFacts> = self.addresses.values().cloned().collect();
        let evidence = Evidence { addresses: &addresses, claims: &self.claims, decisions: &[] };
        resolve(&evidence, &Params::default())
    }

    fn gold_pairs(&self) -> BTreeSet<Pair> {
        let mut by_person: BTreeMap<&str, Vec<AddressId>> = BTreeMap::new();
        for (id, people) in &self.gold {
            for person in people {
                by_person.entry(person).or_default().push(*id);
            }
        }
        by_person.values().flat_map(|ids| all_pairs(ids)).collect()
    }
}

fn all_pairs(ids: &[AddressId]) -> Vec<Pair> {
    let later = |i: usize| ids[i + 1..].iter();
    ids.iter().enumerate().flat_map(|(i, a)| later(i).map(|b| pair(*a, *b))).collect()
}

/// Hand judgements: address pair to whether they are one person.
fn judgements(file: &str) -> HashMap<Pair, bool> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("judgements").join(file);
    let mut reader = csv::Reader::from_path(path).unwrap();
    let rows = reader.records().map(|row| {
        let row = row.unwrap();
        assert!(!row[3].trim().is_empty(), "a judgement has a reason");
        (pair(row[0].parse().unwrap(), row[1].parse().unwrap()), &row[2] == "same")
    });
    rows.collect()
}

struct Figures {
    recall: f64,
    judged_precision: f64,
}

fn measure(what: &str, people: &People, judged: &HashMap<Pair, bool>) -> Figures {
    let resolution = people.resolve();
    let gold = people.gold_pairs();
    let applied: BTreeSet<Pair> =
        resolution.actors.iter().flat_map(|actor| all_pairs(&actor.addresses)).collect();
    let reviewed: BTreeSet<Pair> = resolution
        .reviews
        .iter()
        .flat_map(|review| {
            let a = review.a_addresses.iter();
            a.flat_map(|a| review.b_addresses.iter().map(|b| pair(*a, *b)))
        })
        .collect();
    let found = gold.iter().filter(|p| applied.contains(p) || reviewed.contains(p)).count();
    let right = applied.intersection(&gold).count();
    let disagreements: Vec<&Pair> = applied.difference(&gold).collect();
    let unjudged: Vec<String> = disagreements
        .iter()
        .filter(|p| !judged.contains_key(p))
        .map(|(a, b)| format!("{a},{b}"))
        .collect();
    if std::env::var_os("TIELINE_SHOW_PAIRS").is_some() {
        show(people, "applied, not in gold", disagreements.iter().copied());
        show(
            people,
            "missed",
            gold.iter().filter(|p| !applied.contains(p) && !reviewed.contains(p)),
        );
        show(people, "applied", applied.iter());
    }
    assert!(unjudged.is_empty(), "{what}: applied pairs to be judged by hand: {unjudged:#?}");
    let same = disagreements.iter().filter(|p| judged[p]).count();
    let share =
        |part: usize, whole: usize| if whole == 0 { 1.0 } else { part as f64 / whole as f64 };
    let recall = share(found, gold.len());
    let judged_precision = share(right + same, applied.len());
    println!(
        "{what}: {} addresses, {} gold pairs; applied {} ({} in gold: raw precision {:.4}; judged \
         same {same}: precision {judged_precision:.4}); reviews {} of which {} in gold; recall \
         applied + review {recall:.4}, applied alone {:.4}; compared {}, skipped blocks {}",
        people.addresses.len(),
        gold.len(),
        applied.len(),
        right,
        share(right, applied.len()),
        reviewed.len(),
        reviewed.intersection(&gold).count(),
        share(right, gold.len()),
        resolution.compared_pairs,
        resolution.skipped_blocks.len(),
    );
    Figures { recall, judged_precision }
}

fn show<'a>(people: &People, what: &str, pairs: impl Iterator<Item = &'a Pair>) {
    let text = |id: &AddressId| {
        let names: BTreeSet<&str> = people
            .claims
            .iter()
            .filter(|claim| claim.addresses[0] == *id)
            .filter_map(|claim| claim.name.as_deref())
            .collect();
        format!("{} {names:?}", people.addresses[id].address)
    };
    for (a, b) in pairs {
        println!("  {what}: {a},{b} {} | {}", text(a), text(b));
    }
}

fn git_authors(folder: &Path) -> People {
    let text = read_xz(&folder.join("git-authors-git.csv.xz"));
    let mut people = People::default();
    for row in csv::Reader::from_reader(text.as_bytes()).records() {
        let row = row.unwrap();
        let count = row[4].parse().unwrap();
        people.add(Some(&row[0]), &row[1], &row[3].to_lowercase(), count);
    }
    people
}

#[test]
fn the_authors_of_git_are_found_and_nobody_is_joined_wrongly() {
    let Some(folder) = data_folder() else { return };
    let people = git_authors(&folder);
    let figures = measure("git", &people, &judgements("git.csv"));
    assert!(figures.recall >= 0.90, "recall {}", figures.recall);
    assert!(figures.judged_precision >= 0.99, "precision {}", figures.judged_precision);
}

fn stackalytics(folder: &Path) -> serde_json::Value {
    let text = read_xz(&folder.join("stackalytics-users-companies.json.xz"));
    serde_json::from_str(&text).unwrap()
}

#[test]
fn the_people_of_stackalytics_are_found_and_nobody_is_joined_wrongly() {
    let Some(folder) = data_folder() else { return };
    let all = stackalytics(&folder);
    let (mut named, mut withheld) = (People::default(), People::default());
    for (index, user) in all["users"].as_array().unwrap().iter().enumerate() {
        let person = index.to_string();
        let name = user["user_name"].as_str();
        for (nth, email) in user["emails"].as_array().unwrap().iter().enumerate() {
            let email = email.as_str().unwrap();
            named.add(name, email, &person, 1);
            withheld.add(name.filter(|_| nth == 0), email, &person, 1);
        }
    }
    let judged = judgements("stackalytics.csv");
    let figures = measure("stackalytics", &named, &judged);
    assert!(figures.recall >= 0.90, "recall {}", figures.recall);
    assert!(figures.judged_precision >= 0.99, "precision {}", figures.judged_precision);
    let hard = measure("stackalytics, names withheld", &withheld, &judged);
    assert!(hard.judged_precision >= 0.99, "precision {}", hard.judged_precision);
}

/// Company names: each company with its domains, each alias without any. An alias and its company
/// should be one organisation or a review.
#[test]
fn the_companies_of_stackalytics_are_found_by_their_aliases() {
    let Some(folder) = data_folder() else { return };
    let all = stackalytics(&folder);
    let mut names: Vec<OrganisationName> = Vec::new();
    let mut gold: Vec<usize> = Vec::new();
    for (company, entry) in all["companies"].as_array().unwrap().iter().enumerate() {
        let name = entry["company_name"].as_str().unwrap();
        // Words by which people say that they work for nobody are no names of a company.
        if name.starts_with('*') {
            continue;
        }
        let list = |key: &str| {
            let values = entry[key].as_array().into_iter().flatten();
            values.filter_map(|value| value.as_str()).map(str::to_owned).collect::<Vec<_>>()
        };
        names.push(OrganisationName { name: name.to_owned(), domains: list("domains") });
        gold.push(company);
        for alias in list("aliases") {
            names.push(OrganisationName { name: alias, domains: Vec::new() });
            gold.push(company);
        }
    }
    let resolution = resolve_organisations(&names);
    let within = |group: &Vec<usize>| {
        let later = |i: usize| group[i + 1..].iter();
        let group = group.iter().enumerate();
        group.flat_map(|(i, a)| later(i).map(|b| (*a, *b))).collect::<Vec<_>>()
    };
    let applied: BTreeSet<(usize, usize)> = resolution.groups.iter().flat_map(within).collect();
    let group_of: HashMap<usize, usize> = resolution
        .groups
        .iter()
        .enumerate()
        .flat_map(|(group, members)| members.iter().map(move |member| (*member, group)))
        .collect();
    let reviewed: BTreeSet<(usize, usize)> = resolution
        .reviews
        .iter()
        .map(|review| {
            let (a, b) = (group_of[&review.a], group_of[&review.b]);
            (a.min(b), a.max(b))
        })
        .collect();
    let is_reviewed = |a: usize, b: usize| {
        let (a, b) = (group_of[&a], group_of[&b]);
        reviewed.contains(&(a.min(b), a.max(b)))
    };
    // Each alias against the other names of its company, one of which it should lead to, as it would
    // when it comes to a workspace that knows these; and against the company's first name alone.
    let (mut total, mut same, mut asked, mut by_first) = (0, 0, 0, 0);
    for (index, company) in gold.iter().enumerate() {
        let others: Vec<usize> =
            (0..gold.len()).filter(|other| gold[*other] == *company && *other != index).collect();
        if others.first().is_none_or(|head| *head > index) {
            continue;
        }
        total += 1;
        let joined = |other: usize| applied.contains(&(other.min(index), other.max(index)));
        by_first += i32::from(joined(others[0]) || is_reviewed(others[0], index));
        if others.iter().any(|other| joined(*other)) {
            same += 1;
        } else if others.iter().any(|other| is_reviewed(*other, index)) {
            asked += 1;
        } else if std::env::var_os("TIELINE_SHOW_PAIRS").is_some() {
            println!("  missed: {} | {}", names[others[0]].name, names[index].name);
        }
    }
    let right = reviewed.iter().filter(|(a, b)| {
        let company = |group: &usize| gold[resolution.groups[*group][0]];
        company(a) == company(b)
    });
    let right = right.count();
    let wrong: Vec<&(usize, usize)> =
        applied.iter().filter(|(a, b)| gold[*a] != gold[*b]).collect();
    if std::env::var_os("TIELINE_SHOW_PAIRS").is_some() {
        for (a, b) in &wrong {
            println!("  applied, not in gold: {} | {}", names[*a].name, names[*b].name);
        }
    }
    let recall = f64::from(same + asked) / f64::from(total);
    let precision = 1.0 - wrong.len() as f64 / applied.len() as f64;
    println!(
        "companies: {} names, {total} aliases: same {same}, review {asked}, recall {recall:.4}; \
         (by the first name alone {:.4}); applied {} pairs, raw precision {precision:.4}; {} reviews \
         of groups, {right} of them right",
        names.len(),
        f64::from(by_first) / f64::from(total),
        applied.len(),
        reviewed.len()
    );
    assert!(recall >= 0.90, "recall {recall}");
    assert!(precision >= 0.99, "precision {precision}");
}
