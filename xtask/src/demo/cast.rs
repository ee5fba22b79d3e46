//! Who is in the demo world: organisations, departments, people and their addresses.

use super::clock;
use super::dice::Dice;
use super::names;

/// An organisation.
pub(crate) struct Org {
    /// Its name.
    pub(crate) name: &'static str,
    /// Its mail domain.
    pub(crate) domain: &'static str,
    /// How local parts of its addresses are made.
    style: Style,
    /// Its departments and how many people work there.
    units: &'static [(&'static str, usize)],
}

/// How an organisation writes the local part of an address.
#[derive(Clone, Copy)]
enum Style {
    /// `priya.nair`
    Dotted,
    /// `h.kowalczyk`
    Initial,
    /// `sam`, with the initial of the family name where two share it
    Given,
    /// `nairp`
    FamilyFirst,
}

/// Indices into [`ORGS`].
pub(crate) const COUNCIL: usize = 0;
/// The hospital trust.
pub(crate) const TRUST: usize = 1;
/// The housing association.
pub(crate) const BEACON: usize = 2;
/// The college.
pub(crate) const COLLEGE: usize = 3;
/// The charity all of whose council ties hang on one person.
pub(crate) const HEARTH: usize = 4;
/// The charity someone leaves for the college.
pub(crate) const ADVICE: usize = 5;
/// An energy firm.
pub(crate) const FENWICK: usize = 6;
/// A building firm.
pub(crate) const TALLOW: usize = 7;
/// The residents' network; no directory lists it.
pub(crate) const EASTGATE: usize = 8;

/// The nine organisations.
pub(crate) static ORGS: [Org; 9] = [
    Org {
        name: "Northmoor City Council",
        domain: "northmoor-council.example",
        style: Style::Dotted,
        units: &[
            ("Housing", 26),
            ("Public Health", 22),
            ("Adult Social Care", 13),
            ("Communities", 10),
            ("Digital and Data", 10),
            ("Planning", 9),
            ("Finance", 8),
            ("Transport", 8),
            ("Chief Executive's Office", 4),
        ],
    },
    Org {
        name: "Northmoor Hospital Trust",
        domain: "northmoor-trust.example",
        style: Style::Dotted,
        units: &[("Integrated Care", 12), ("Discharge", 12), ("Health Information", 12)],
    },
    Org {
        name: "Beacon Homes",
        domain: "beacon-homes.example",
        style: Style::Initial,
        units: &[("Repairs", 10), ("Retrofit", 10)],
    },
    Org {
        name: "Northmoor College",
        domain: "northmoor-college.example",
        style: Style::FamilyFirst,
        units: &[("Retrofit Academy", 8), ("Student Services", 6)],
    },
    Org {
        name: "Warm Hearth",
        domain: "warm-hearth.example",
        style: Style::Given,
        units: &[("Home Visits", 6), ("Fundraising", 5)],
    },
    Org {
        name: "Northmoor Advice",
        domain: "northmoor-advice.example",
        style: Style::Given,
        units: &[("Casework", 8)],
    },
    Org {
        name: "Fenwick Energy",
        domain: "fenwick-energy.example",
        style: Style::Dotted,
        units: &[("Installations", 7)],
    },
    Org {
        name: "Tallow and Pike Builders",
        domain: "tallow-pike.example",
        style: Style::Initial,
        units: &[("Site Team", 6)],
    },
    Org {
        name: "Eastgate Residents' Network",
        domain: "eastgate-residents.example",
        style: Style::Given,
        units: &[("Volunteers", 6)],
    },
];

/// People whose place the story needs: (unit, seat, given, family). Seat 0 leads the unit.
const NAMED: [(&str, usize, &str, &str); 20] = [
    ("Housing", 1, "Priya", "Nair"),
    ("Housing", 2, "Leila", "Farah"),
    ("Housing", 3, "Owen", "Reed"),
    ("Public Health", 0, "Marcus", "Bell"),
    ("Public Health", 1, "Ada", "Boateng"),
    ("Adult Social Care", 1, "Ruth", "Adeyemi"),
    ("Adult Social Care", 2, "Kit", "Rowe"),
    ("Communities", 1, "Tom", "Acheson"),
    ("Communities", 2, "Noor", "Hassan"),
    ("Digital and Data", 0, "Wei", "Zhang"),
    ("Digital and Data", 1, "Jo", "Whitfield"),
    ("Planning", 0, "Isla", "Grant"),
    ("Planning", 1, "David", "Clarke"),
    ("Transport", 0, "Theo", "Lund"),
    ("Chief Executive's Office", 1, "Amara", "Osei"),
    ("Integrated Care", 0, "Helen", "Marsh"),
    ("Retrofit", 0, "Helena", "Kowalczyk"),
    ("Casework", 1, "Jonas", "Whitlock"),
    ("Installations", 0, "Sam", "Obi"),
    ("Site Team", 1, "David", "Clarke"),
];

/// A second address of the same person, and how its owner can be proved.
const SECOND: [(&str, &str, &str, Proof); 6] = [
    ("Isla", "Grant", "isla@islagrant.example", Proof::Card),
    ("Wei", "Zhang", "wei.zhang@northmoor-data.example", Proof::Directory),
    ("Helena", "Kowalczyk", "helena@kowalczyk-home.example", Proof::Card),
    ("Noor", "Hassan", "noor.hassan@northmoor-cc.example", Proof::None),
    ("Theo", "Lund", "theo.lund@lundhousehold.example", Proof::None),
    ("Kit", "Rowe", "kit.rowe@northmoor-cc.example", Proof::None),
];

/// What proves that two addresses are one person.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proof {
    /// A contact card lists both.
    Card,
    /// A directory row lists both.
    Directory,
    /// Nothing but the name: to be reviewed, never joined alone.
    None,
}

/// First day of the person who changes jobs in the new one (month 10).
pub(crate) fn move_day() -> i64 {
    clock::day_of(2026, 3, 2)
}

/// A department.
pub(crate) struct Unit {
    /// Its name.
    pub(crate) name: &'static str,
    /// Its organisation.
    pub(crate) org: usize,
    /// Who works there; the first leads.
    pub(crate) people: Vec<usize>,
}

/// A person.
pub(crate) struct Person {
    /// Given name.
    pub(crate) given: &'static str,
    /// Family name.
    pub(crate) family: &'static str,
    /// Organisation.
    pub(crate) org: usize,
    /// Department, as an index of [`Cast::units`].
    pub(crate) unit: usize,
    /// Addresses, as indices of [`Cast::mailboxes`]; the first is the one at work.
    pub(crate) mailboxes: Vec<usize>,
    /// What proves that a second address is theirs.
    pub(crate) proof: Option<Proof>,
    /// Who leads them.
    pub(crate) manager: Option<usize>,
    /// Job title.
    pub(crate) title: String,
    /// In the directory, but never writes.
    pub(crate) silent: bool,
}

impl Person {
    /// Given and family name.
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.given, self.family)
    }
}

/// An address that mail goes to or comes from.
pub(crate) struct Mailbox {
    /// The address.
    pub(crate) email: String,
    /// The name shown with it.
    pub(crate) name: String,
}

impl Mailbox {
    /// The part after the `@`.
    pub(crate) fn domain(&self) -> &str {
        self.email.split_once('@').map_or("", |parts| parts.1)
    }
}

/// Everyone.
pub(crate) struct Cast {
    /// Departments, in the order of the organisations.
    pub(crate) units: Vec<Unit>,
    /// People.
    pub(crate) people: Vec<Person>,
    /// Addresses of people and of everything else.
    pub(crate) mailboxes: Vec<Mailbox>,
    /// The person who changes jobs; their second address is the one at the new place.
    pub(crate) mover: usize,
}

impl Cast {
    /// Makes the people.
    pub(crate) fn new() -> Self {
        let mut cast =
            Self { units: Vec::new(), people: Vec::new(), mailboxes: Vec::new(), mover: 0 };
        let mut dice = Dice::new(1);
        let mut spare = names::shuffled(&mut dice);
        for (org_index, org) in ORGS.iter().enumerate() {
            for (name, size) in org.units {
                cast.units.push(Unit { name, org: org_index, people: Vec::new() });
                for seat in 0..*size {
                    let named = NAMED.iter().find(|row| row.0 == *name && row.1 == seat);
                    let (given, family) =
                        named.map_or_else(|| names::next(&mut spare), |row| (row.2, row.3));
                    cast.hire(given, family, seat, &mut dice);
                }
            }
        }
        cast.lead();
        cast.add_second_addresses();
        cast
    }

    /// The person of that name; of two of the same name the first.
    pub(crate) fn who(&self, given: &str, family: &str) -> usize {
        let found = self.people.iter().position(|p| p.given == given && p.family == family);
        found.unwrap_or(0)
    }

    /// The department of that name.
    pub(crate) fn unit(&self, name: &str) -> &[usize] {
        self.units.iter().find(|unit| unit.name == name).map_or(&[], |unit| &unit.people)
    }

    /// Everyone of an organisation who writes.
    pub(crate) fn org(&self, org: usize) -> Vec<usize> {
        (0..self.people.len()).filter(|p| self.people[*p].org == org && self.writes(*p)).collect()
    }

    /// Whether the person ever writes.
    pub(crate) fn writes(&self, person: usize) -> bool {
        !self.people[person].silent
    }

    /// Name of the person's department.
    pub(crate) fn unit_name(&self, person: usize) -> &'static str {
        self.units[self.people[person].unit].name
    }

    /// Organisation of the person on a day.
    pub(crate) fn org_on(&self, person: usize, day: i64) -> usize {
        if person == self.mover && day >= move_day() { COLLEGE } else { self.people[person].org }
    }

    /// Address the person can be reached at on a day.
    pub(crate) fn mailbox_on(&self, person: usize, day: i64) -> usize {
        let moved = person == self.mover && day >= move_day();
        self.people[person].mailboxes[usize::from(moved)]
    }

    /// Address at work, in text.
    pub(crate) fn email(&self, person: usize) -> &str {
        &self.mailboxes[self.people[person].mailboxes[0]].email
    }

    /// Adds an address that is nobody's.
    pub(crate) fn add_mailbox(&mut self, email: &str, name: &str) -> usize {
        self.push_mailbox(email.to_owned(), name.to_owned())
    }

    fn push_mailbox(&mut self, email: String, name: String) -> usize {
        self.mailboxes.push(Mailbox { email, name });
        self.mailboxes.len() - 1
    }

    fn hire(&mut self, given: &'static str, family: &'static str, seat: usize, dice: &mut Dice) {
        let unit = self.units.len() - 1;
        let org = self.units[unit].org;
        let person = self.people.len();
        let email = self.free_address(given, family, org);
        // The trust's mail system shows names with the family name first.
        let shown =
            if org == TRUST { format!("{family}, {given}") } else { format!("{given} {family}") };
        let mailbox = self.push_mailbox(email, shown);
        let unit_name = self.units[unit].name;
        let title = match seat {
            0 if unit_name == "Chief Executive's Office" => "Chief Executive".to_owned(),
            0 => format!("Head of {unit_name}"),
            1 => format!("{unit_name} Programme Manager"),
            _ => {
                let rank = dice.pick(&names::RANKS).unwrap_or("Officer");
                format!("{unit_name} {rank}")
            }
        };
        // The last seats of the two big organisations are listed but never write.
        let size = ORGS[org].units.iter().find(|row| row.0 == unit_name).map_or(0, |row| row.1);
        let silent = org <= TRUST && size >= 8 && seat + 1 == size;
        self.units[unit].people.push(person);
        self.people.push(Person {
            given,
            family,
            org,
            unit,
            mailboxes: vec![mailbox],
            proof: None,
            manager: None,
            title,
            silent,
        });
    }

    fn free_address(&self, given: &str, family: &str, org: usize) -> String {
        let (given, family) = (names::ascii(given), names::ascii(family));
        let local = match ORGS[org].style {
            Style::Dotted => format!("{given}.{family}"),
            Style::Initial => format!("{}.{family}", &given[..1]),
            Style::Given => given.clone(),
            Style::FamilyFirst => format!("{family}{}", &given[..1]),
        };
        let domain = ORGS[org].domain;
        let taken = |local: &str| {
            let email = format!("{local}@{domain}");
            self.mailboxes.iter().any(|mailbox| mailbox.email == email)
        };
        if taken(&local) {
            format!("{given}.{family}@{domain}")
        } else {
            format!("{local}@{domain}")
        }
    }

    fn lead(&mut self) {
        let heads: Vec<usize> = self.units.iter().map(|unit| unit.people[0]).collect();
        let chief = self.unit("Chief Executive's Office").first().copied();
        for person in 0..self.people.len() {
            let head = heads[self.people[person].unit];
            let first_of_org =
                heads.iter().copied().find(|h| self.people[*h].org == self.people[person].org);
            let top = if self.people[person].org == COUNCIL { chief } else { first_of_org };
            let manager = if head == person { top } else { Some(head) };
            self.people[person].manager = manager.filter(|manager| *manager != person);
        }
    }

    fn add_second_addresses(&mut self) {
        for (given, family, email, proof) in SECOND {
            let person = self.who(given, family);
            let name = format!("{given} {family}");
            let mailbox = self.push_mailbox(email.to_owned(), name);
            self.people[person].mailboxes.push(mailbox);
            self.people[person].proof = Some(proof);
        }
        self.mover = self.who("Jonas", "Whitlock");
        let email = format!("whitlockj@{}", ORGS[COLLEGE].domain);
        let mailbox = self.push_mailbox(email, "Jonas Whitlock".to_owned());
        let mover = self.mover;
        self.people[mover].mailboxes.push(mailbox);
    }
}
