//! Roles per piece of work: validity, load, single points, deputies, read-back (METHODS 8.3).

use std::collections::{BTreeMap, BTreeSet};

use crate::access::words;

/// What someone is for a piece of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Does it.
    Responsible,
    /// Answers for it.
    Accountable,
    /// Is asked before.
    Consulted,
    /// Is told after.
    Informed,
}
words!(Role {
    Responsible "responsible", Accountable "accountable", Consulted "consulted",
    Informed "informed",
});

/// Whether someone has taken in a role of theirs. A change of the role asks again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum ReadBack {
    /// Has not answered yet.
    #[default]
    Open,
    /// "I have understood, I accept."
    Accepted,
    /// "I have a question."
    Question,
}
words!(ReadBack { Open "open", Accepted "accepted", Question "question", });

/// One person in one piece of work. `P` names a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment<P> {
    /// Who.
    pub person: P,
    /// As what; someone may be accountable and responsible at once.
    pub roles: BTreeSet<Role>,
    /// Who steps in.
    pub deputy: Option<P>,
    /// Whether the person has taken it in.
    pub read_back: ReadBack,
}

impl<P> Assignment<P> {
    fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    fn carries(&self) -> bool {
        self.is(Role::Accountable) || self.is(Role::Responsible)
    }
}

/// Who does what in one piece of work; each person at most once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Work<T, P> {
    /// Which.
    pub work: T,
    /// Its row of the matrix.
    pub row: Vec<Assignment<P>>,
}

/// Something about the matrix. Errors come before warnings in each piece of work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding<T, P> {
    /// E1: nobody answers for it.
    NoAccountable(T),
    /// E2: more than one answers for it.
    SeveralAccountable(T),
    /// E3: nobody does it.
    NoResponsible(T),
    /// E4: these people are both asked and told.
    ConsultedAndInformed(T, Vec<P>),
    /// W1: more than half of at least three people are asked.
    ManyConsulted(T),
    /// W2: more than three do it.
    ManyResponsible(T),
    /// W3: this person answers for more than half of at least four pieces of work.
    Overload(P),
    /// W4: someone who answers for it or does it has left.
    Left(T, P),
    /// One person alone answers for it and does it, and has no deputy (Tieline's own).
    SinglePoint(T, P),
}

impl<T, P> Finding<T, P> {
    /// Whether the matrix is invalid with it; otherwise a warning.
    pub const fn is_error(&self) -> bool {
        matches!(
            self,
            Self::NoAccountable(_)
                | Self::SeveralAccountable(_)
                | Self::NoResponsible(_)
                | Self::ConsultedAndInformed(..)
        )
    }

    /// Its code, as METHODS names it; `W5` for single points.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoAccountable(_) => "E1",
            Self::SeveralAccountable(_) => "E2",
            Self::NoResponsible(_) => "E3",
            Self::ConsultedAndInformed(..) => "E4",
            Self::ManyConsulted(_) => "W1",
            Self::ManyResponsible(_) => "W2",
            Self::Overload(_) => "W3",
            Self::Left(..) => "W4",
            Self::SinglePoint(..) => "W5",
        }
    }
}

/// Checks a matrix: per piece of work in the order given, then overloads by person.
///
/// `left`: people who are inactive or gone. O(cells).
pub fn findings<T: Clone, P: Clone + Ord>(
    matrix: &[Work<T, P>],
    left: &BTreeSet<P>,
) -> Vec<Finding<T, P>> {
    let mut found: Vec<Finding<T, P>> =
        matrix.iter().flat_map(|work| of_row(&work.work, &work.row, left)).collect();
    if matrix.len() >= 4 {
        let overloaded =
            load(matrix).into_iter().filter(|(_, load)| load.accountable * 2 > matrix.len());
        found.extend(overloaded.map(|(person, _)| Finding::Overload(person)));
    }
    found
}

fn of_row<T: Clone, P: Clone + Ord>(
    work: &T,
    row: &[Assignment<P>],
    left: &BTreeSet<P>,
) -> Vec<Finding<T, P>> {
    let n = |role| row.iter().filter(|one| one.is(role)).count();
    let mut both: Vec<P> = row
        .iter()
        .filter(|one| one.is(Role::Consulted) && one.is(Role::Informed))
        .map(|one| one.person.clone())
        .collect();
    both.sort();
    let responsible = n(Role::Responsible);
    let of = || work.clone();
    let mut found = Vec::new();
    match n(Role::Accountable) {
        0 => found.push(Finding::NoAccountable(of())),
        1 => {}
        _ => found.push(Finding::SeveralAccountable(of())),
    }
    if responsible == 0 {
        found.push(Finding::NoResponsible(of()));
    }
    if !both.is_empty() {
        found.push(Finding::ConsultedAndInformed(of(), both));
    }
    if row.len() >= 3 && n(Role::Consulted) * 2 > row.len() {
        found.push(Finding::ManyConsulted(of()));
    }
    if responsible > 3 {
        found.push(Finding::ManyResponsible(of()));
    }
    let carriers: Vec<&Assignment<P>> = row.iter().filter(|one| one.carries()).collect();
    let gone = carriers.iter().filter(|one| left.contains(&one.person));
    found.extend(gone.map(|one| Finding::Left(of(), one.person.clone())));
    if let [alone] = carriers.as_slice() {
        let is_covered = alone
            .deputy
            .as_ref()
            .is_some_and(|deputy| *deputy != alone.person && !left.contains(deputy));
        if !is_covered {
            found.push(Finding::SinglePoint(of(), alone.person.clone()));
        }
    }
    found
}

/// What one person carries over all pieces of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Load {
    /// Answers for.
    pub accountable: usize,
    /// Does.
    pub responsible: usize,
    /// Is asked for.
    pub consulted: usize,
    /// Is told of.
    pub informed: usize,
    /// Would step in for.
    pub deputy: usize,
    /// Roles not yet accepted.
    pub not_accepted: usize,
}

/// The load of each person, deputies included.
pub fn load<T, P: Clone + Ord>(matrix: &[Work<T, P>]) -> BTreeMap<P, Load> {
    let mut loads: BTreeMap<P, Load> = BTreeMap::new();
    for one in matrix.iter().flat_map(|work| &work.row) {
        let load = loads.entry(one.person.clone()).or_default();
        load.accountable += usize::from(one.is(Role::Accountable));
        load.responsible += usize::from(one.is(Role::Responsible));
        load.consulted += usize::from(one.is(Role::Consulted));
        load.informed += usize::from(one.is(Role::Informed));
        load.not_accepted += usize::from(one.read_back != ReadBack::Accepted);
        if let Some(deputy) = &one.deputy {
            loads.entry(deputy.clone()).or_default().deputy += 1;
        }
    }
    loads
}

/// Whether everyone with a role has read it back and accepts: a gate of the partnership. A matrix
/// without roles is not read back.
pub fn is_read_back<T, P>(matrix: &[Work<T, P>]) -> bool {
    let mut all = matrix.iter().flat_map(|work| &work.row).peekable();
    all.peek().is_some() && all.all(|one| one.read_back == ReadBack::Accepted)
}
