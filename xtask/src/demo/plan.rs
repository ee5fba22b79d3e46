//! Who works with whom: the ties that the demo world's mail and meetings are made from, with the
//! truths that are planted in them.

use std::collections::BTreeMap;

use super::cast::{
    ADVICE, BEACON, COLLEGE, COUNCIL, Cast, EASTGATE, FENWICK, HEARTH, TALLOW, TRUST, move_day,
};
use super::clock::DAYS;
use super::dice::Dice;

/// Two people who write to each other at a rhythm, within an interval of days.
pub(crate) struct PlannedTie {
    /// One of them.
    pub(crate) a: usize,
    /// The other.
    pub(crate) b: usize,
    /// Days from one conversation to the next, about.
    pub(crate) every: i64,
    /// First day.
    pub(crate) from: i64,
    /// First day after.
    pub(crate) to: i64,
}

/// All planned ties.
pub(crate) struct Plan {
    /// The ties.
    pub(crate) ties: Vec<PlannedTie>,
    pairs: BTreeMap<(usize, usize), usize>,
}

/// Ties between council departments: how many times the usual share. Housing and Public Health are
/// planted by hand.
const AFFINITY: [(&str, &str, usize); 28] = [
    ("Housing", "Public Health", 0),
    ("Housing", "Adult Social Care", 90),
    ("Housing", "Communities", 120),
    ("Housing", "Digital and Data", 80),
    ("Housing", "Planning", 160),
    ("Housing", "Finance", 110),
    ("Housing", "Transport", 70),
    ("Public Health", "Adult Social Care", 200),
    ("Public Health", "Communities", 140),
    ("Public Health", "Digital and Data", 110),
    ("Public Health", "Planning", 80),
    ("Public Health", "Finance", 80),
    ("Public Health", "Transport", 80),
    ("Adult Social Care", "Communities", 140),
    ("Adult Social Care", "Digital and Data", 80),
    ("Adult Social Care", "Planning", 70),
    ("Adult Social Care", "Finance", 80),
    ("Adult Social Care", "Transport", 80),
    ("Communities", "Digital and Data", 70),
    ("Communities", "Planning", 90),
    ("Communities", "Finance", 70),
    ("Communities", "Transport", 100),
    ("Digital and Data", "Planning", 90),
    ("Digital and Data", "Finance", 120),
    ("Digital and Data", "Transport", 80),
    ("Planning", "Finance", 90),
    ("Planning", "Transport", 190),
    ("Finance", "Transport", 80),
];

/// Ties between organisations that no broker carries: (one, other, how many).
const ACROSS: [(usize, usize, usize); 21] = [
    (COUNCIL, TRUST, 4),
    (COUNCIL, BEACON, 4),
    (COUNCIL, COLLEGE, 3),
    (COUNCIL, ADVICE, 2),
    (COUNCIL, FENWICK, 2),
    (COUNCIL, TALLOW, 2),
    (COUNCIL, EASTGATE, 2),
    (BEACON, FENWICK, 7),
    (BEACON, TALLOW, 7),
    (BEACON, COLLEGE, 3),
    (BEACON, HEARTH, 5),
    (BEACON, ADVICE, 3),
    (BEACON, TRUST, 1),
    (TRUST, HEARTH, 4),
    (TRUST, COLLEGE, 2),
    (HEARTH, ADVICE, 4),
    (HEARTH, EASTGATE, 3),
    (ADVICE, EASTGATE, 3),
    (COLLEGE, FENWICK, 5),
    (COLLEGE, TALLOW, 4),
    (COLLEGE, ADVICE, 1),
];

impl Plan {
    /// Plans the ties.
    pub(crate) fn new(cast: &Cast) -> Self {
        let mut dice = Dice::new(2);
        let mut plan = Self { ties: Vec::new(), pairs: BTreeMap::new() };
        plan.plant(cast, &mut dice);
        plan.within_units(cast, &mut dice);
        plan.across_council(cast, &mut dice);
        plan.across_units_elsewhere(cast, &mut dice);
        plan.across_organisations(cast, &mut dice);
        plan
    }

    /// Whether two people have a planned tie on a day.
    pub(crate) fn knows(&self, a: usize, b: usize, day: i64) -> bool {
        let tie = self.pairs.get(&(a.min(b), a.max(b))).map(|index| &self.ties[*index]);
        tie.is_some_and(|tie| (tie.from..tie.to).contains(&day))
    }

    /// People tied to `person` on a day.
    pub(crate) fn alters(&self, person: usize, day: i64) -> Vec<usize> {
        let mut alters = Vec::new();
        for tie in &self.ties {
            if (tie.from..tie.to).contains(&day) {
                if tie.a == person {
                    alters.push(tie.b);
                } else if tie.b == person {
                    alters.push(tie.a);
                }
            }
        }
        alters
    }

    fn add(&mut self, a: usize, b: usize, every: i64) -> bool {
        self.add_during(a, b, every, 0, DAYS)
    }

    fn add_during(&mut self, a: usize, b: usize, every: i64, from: i64, to: i64) -> bool {
        let pair = (a.min(b), a.max(b));
        let fresh = a != b && !self.pairs.contains_key(&pair);
        if fresh {
            self.pairs.insert(pair, self.ties.len());
            self.ties.push(PlannedTie { a, b, every, from, to });
        }
        fresh
    }

    /// The truths of `EXPECTED.json`, before anything left to chance.
    fn plant(&mut self, cast: &Cast, dice: &mut Dice) {
        let (priya, tom) = (cast.who("Priya", "Nair"), cast.who("Tom", "Acheson"));
        let (ruth, helen) = (cast.who("Ruth", "Adeyemi"), cast.who("Helen", "Marsh"));
        // The only four ties between Housing and Public Health, three of them one person's.
        for alter in cast.unit("Public Health").iter().take(3) {
            self.add(priya, *alter, 10);
        }
        self.add(cast.unit("Housing")[0], cast.unit("Public Health")[3], 28);
        // Two brokers.
        for (org, n) in [(BEACON, 8), (FENWICK, 5), (TALLOW, 4), (COLLEGE, 3)] {
            self.tie_some(priya, &cast.org(org), n, dice);
        }
        for unit in ["Integrated Care", "Discharge", "Health Information"] {
            self.tie_some(tom, cast.unit(unit), 4, dice);
        }
        for (org, n) in [(ADVICE, 5), (EASTGATE, 4), (COLLEGE, 2)] {
            self.tie_some(tom, &cast.org(org), n, dice);
        }
        for unit in cast.units.iter().filter(|unit| unit.org == COUNCIL) {
            let public_health = unit.name == "Public Health";
            if !unit.people.contains(&priya) && !public_health {
                self.tie_some(priya, &unit.people, 2, dice);
            }
            if !unit.people.contains(&tom) {
                self.tie_some(tom, &unit.people, 2, dice);
            }
        }
        // Everything between the council and Warm Hearth goes through one person.
        self.tie_some(ruth, &cast.org(HEARTH), 7, dice);
        self.add(ruth, helen, 9);
        // A tie that was weekly and has been silent for ten weeks.
        self.add_during(cast.who("Amara", "Osei"), helen, 7, 0, DAYS - 71);
        self.plant_move(cast, dice);
        // What is left between council and trust.
        self.add(cast.who("Marcus", "Bell"), cast.unit("Integrated Care")[2], 30);
        self.add(cast.who("Kit", "Rowe"), cast.unit("Discharge")[0], 24);
        self.add(cast.who("Wei", "Zhang"), cast.unit("Health Information")[0], 35);
    }

    /// One person leaves the charity for the college: old ties end, new ones begin.
    fn plant_move(&mut self, cast: &Cast, dice: &mut Dice) {
        let (mover, day) = (cast.mover, move_day());
        for alter in cast.unit("Casework").iter().take(6) {
            self.add_during(mover, *alter, 9, 0, day - 3);
        }
        for alter in dice.some(&cast.org(COLLEGE), 6) {
            self.add_during(mover, alter, 9, day, DAYS);
        }
    }

    fn tie_some(&mut self, person: usize, pool: &[usize], n: usize, dice: &mut Dice) {
        let mut added = 0;
        for alter in dice.some(pool, pool.len()) {
            if added < n && self.add(person, alter, dice.between(14, 34)) {
                added += 1;
            }
        }
    }

    fn within_units(&mut self, cast: &Cast, dice: &mut Dice) {
        for unit in &cast.units {
            let people: Vec<usize> =
                unit.people.iter().copied().filter(|p| cast.writes(*p)).collect();
            let share = match people.len() {
                0..=6 => 75,
                7..=9 => 60,
                10..=13 => 45,
                14..=22 => 34,
                _ => 28,
            };
            for (i, a) in people.iter().enumerate() {
                for (j, b) in people.iter().enumerate().skip(i + 1) {
                    // A ring keeps everyone in; the head knows most.
                    let ring = j == i + 1 || (i == 0 && j + 1 == people.len());
                    let head = i == 0 && dice.percent(60);
                    let mover = *a == cast.mover || *b == cast.mover;
                    if !mover && (ring || head || dice.percent(share)) {
                        self.add(*a, *b, rhythm(dice));
                    }
                }
            }
        }
    }

    fn across_council(&mut self, cast: &Cast, dice: &mut Dice) {
        for (one, other, percent) in AFFINITY {
            let (one, other) = (writers(cast, cast.unit(one)), writers(cast, cast.unit(other)));
            let n = (percent * one.len() * other.len() * 8 + 5_000) / 10_000;
            self.join(&one, &other, n, dice);
        }
        let office = cast.unit("Chief Executive's Office");
        for unit in cast.units.iter().filter(|unit| unit.org == COUNCIL && unit.people.len() > 4) {
            let head = unit.people[0];
            self.add(office[0], head, dice.between(14, 30));
            if let Some(member) = dice.pick(&office[1..]) {
                self.add(member, unit.people[1 + dice.below(3)], dice.between(20, 45));
            }
        }
    }

    fn across_units_elsewhere(&mut self, cast: &Cast, dice: &mut Dice) {
        for (i, one) in cast.units.iter().enumerate() {
            for other in cast.units[i + 1..].iter().filter(|other| other.org == one.org) {
                if one.org != COUNCIL {
                    let (a, b) = (writers(cast, &one.people), writers(cast, &other.people));
                    self.join(&a, &b, a.len() * b.len() * 11 / 100, dice);
                }
            }
        }
    }

    fn across_organisations(&mut self, cast: &Cast, dice: &mut Dice) {
        // Public Health deals with the outside through its neighbours.
        let closed = cast.unit("Public Health");
        for (one, other, n) in ACROSS {
            let pool = |org| -> Vec<usize> {
                let all = cast.org(org);
                all.into_iter().filter(|p| !closed.contains(p) && *p != cast.mover).collect()
            };
            self.join(&pool(one), &pool(other), n, dice);
        }
    }

    fn join(&mut self, one: &[usize], other: &[usize], n: usize, dice: &mut Dice) {
        let mut added = 0;
        for _ in 0..n * 40 {
            let (Some(a), Some(b)) = (dice.pick(one), dice.pick(other)) else { return };
            if added < n && self.add(a, b, rhythm(dice)) {
                added += 1;
            }
        }
    }
}

fn writers(cast: &Cast, people: &[usize]) -> Vec<usize> {
    people.iter().copied().filter(|p| cast.writes(*p)).collect()
}

/// Days between conversations: few people write weekly, most once in a month or two.
fn rhythm(dice: &mut Dice) -> i64 {
    match dice.below(100) {
        0..=2 => dice.between(7, 14),
        3..=22 => dice.between(38, 64),
        _ => dice.between(84, 126),
    }
}
