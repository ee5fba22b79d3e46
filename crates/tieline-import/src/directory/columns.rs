//! Which column of a directory means what.

use std::collections::{BTreeMap, BTreeSet};

use super::people::is_nobody;
use crate::table::words::field_of;

/// What a column of a directory can mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// Full name.
    Name,
    /// Given name.
    Given,
    /// Family name.
    Family,
    /// E-mail address; several columns are possible.
    Email,
    /// Telephone number; several columns are possible.
    Phone,
    /// Employee number, post reference or login.
    Reference,
    /// Organisation.
    Organisation,
    /// Unit; several columns go from the widest to the narrowest.
    Unit,
    /// Job title.
    Title,
    /// Grade or level.
    Grade,
    /// Place of work.
    Location,
    /// Manager: an address, a reference or a name.
    Manager,
    /// First day in the post.
    From,
    /// Last day in the post.
    To,
}

impl Field {
    /// Every field, in order.
    pub const ALL: [Self; 14] = [
        Self::Name,
        Self::Given,
        Self::Family,
        Self::Email,
        Self::Phone,
        Self::Reference,
        Self::Organisation,
        Self::Unit,
        Self::Title,
        Self::Grade,
        Self::Location,
        Self::Manager,
        Self::From,
        Self::To,
    ];

    /// The word used in mappings and listings.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Given => "given",
            Self::Family => "family",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Reference => "reference",
            Self::Organisation => "organisation",
            Self::Unit => "unit",
            Self::Title => "title",
            Self::Grade => "grade",
            Self::Location => "location",
            Self::Manager => "manager",
            Self::From => "from",
            Self::To => "to",
        }
    }

    /// From the word; `unit2`, `email3` ... are the further columns of a field.
    pub fn from_name(name: &str) -> Option<Self> {
        let bare = name.trim().to_lowercase();
        let bare = bare.trim_end_matches(|c: char| c.is_ascii_digit());
        Self::ALL.into_iter().find(|field| field.name() == bare)
    }

    const fn may_repeat(self) -> bool {
        matches!(self, Self::Email | Self::Phone | Self::Unit)
    }
}

/// How sure a guess is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Certainty {
    /// Header or content say so.
    Sure,
    /// Probable: worth a look before importing.
    Check,
    /// The column is not read.
    Skip,
}

/// What one column seems to mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnGuess {
    /// Its header as written.
    pub header: String,
    /// What it means; `None` when it is not read.
    pub field: Option<Field>,
    /// How sure that is.
    pub certainty: Certainty,
    /// Why, in a few words. Never holds content of the table.
    pub why: String,
}

/// Guesses the meaning of every column from its header and from sample rows (cells by column; rows
/// may be shorter or longer than `headers`). The result has one entry per header, in order. The same
/// input always gives the same guess. O(cells of the sample).
pub fn guess_columns(headers: &[String], rows: &[Vec<String>]) -> Vec<ColumnGuess> {
    let columns: Vec<Content> = (0..headers.len()).map(|at| Content::of(rows, at)).collect();
    let mut guesses: Vec<ColumnGuess> =
        headers.iter().zip(&columns).map(|(header, content)| by_header(header, content)).collect();
    drop_repeated(&mut guesses, &columns);
    let taken = |guesses: &[ColumnGuess], field| guesses.iter().any(|g| g.field == Some(field));
    for (guess, content) in guesses.iter_mut().zip(&columns) {
        if guess.field.is_none() && content.share(content.addresses) >= 0.8 {
            set(guess, Field::Email, Certainty::Sure, "its cells are e-mail addresses");
        }
    }
    if !taken(&guesses, Field::Name) && !taken(&guesses, Field::Family) {
        let fit =
            |content: &Content| content.share(content.names) >= 0.7 && content.variety() > 0.5;
        by_content(&mut guesses, &columns, Field::Name, "its cells look like names", &fit);
    }
    if !taken(&guesses, Field::Reference) && !taken(&guesses, Field::Email) {
        let fit = |content: &Content| content.filled >= 2 && content.variety() >= 1.0;
        let numbers = |content: &Content| fit(content) && content.share(content.numbers) > 0.9;
        by_content(
            &mut guesses,
            &columns,
            Field::Reference,
            "its numbers differ in every row",
            &numbers,
        );
    }
    if !taken(&guesses, Field::Manager) {
        by_reference(&mut guesses, &columns);
    }
    if !taken(&guesses, Field::Unit) {
        let fit = |content: &Content| {
            content.filled >= 8
                && content.variety() <= 0.34
                && content.distinct.len() >= 2
                && content.share(content.numbers) < 0.1
                && content.share(content.long) < 0.1
        };
        by_content(&mut guesses, &columns, Field::Unit, "its texts repeat like departments", &fit);
    }
    guesses
}

/// The columns that a person's mapping names, with headers that were not found.
pub(super) fn mapped(
    headers: &[String],
    mapping: &BTreeMap<String, String>,
) -> (Vec<(Field, usize)>, Vec<String>) {
    let (mut columns, mut missing) = (Vec::new(), Vec::new());
    for (name, header) in mapping {
        let Some(field) = Field::from_name(name) else { continue };
        match column_of(headers, header) {
            Some(at) => columns.push((field, at)),
            None => missing.push(header.clone()),
        }
    }
    (columns, missing)
}

/// The column that a mapping names: the first of this header, or the n-th by `header#n`.
fn column_of(headers: &[String], named: &str) -> Option<usize> {
    let of = |name: &str| {
        let name = name.trim().to_owned();
        headers
            .iter()
            .enumerate()
            .filter_map(move |(at, header)| header.trim().eq_ignore_ascii_case(&name).then_some(at))
    };
    of(named).next().or_else(|| {
        let (name, nth) = named.rsplit_once('#')?;
        of(name).nth(nth.parse::<usize>().ok()?.checked_sub(1)?)
    })
}

fn set(guess: &mut ColumnGuess, field: Field, certainty: Certainty, why: &str) {
    *guess = ColumnGuess {
        header: guess.header.clone(),
        field: Some(field),
        certainty,
        why: why.to_owned(),
    };
}

fn skip(guess: &mut ColumnGuess, why: &str) {
    guess.field = None;
    guess.certainty = Certainty::Skip;
    why.clone_into(&mut guess.why);
}

fn by_header(header: &str, content: &Content) -> ColumnGuess {
    let mut guess = ColumnGuess {
        header: header.to_owned(),
        field: None,
        certainty: Certainty::Skip,
        why: "its header says nothing known".to_owned(),
    };
    let Some((field, whole)) = field_of(header) else { return guess };
    if content.filled == 0 {
        "its cells are empty in the sample".clone_into(&mut guess.why);
    }
    let contradicted = match field {
        Field::Email => content.filled > 0 && content.share(content.addresses) < 0.3,
        Field::From | Field::To => content.filled > 0 && content.share(content.dates) < 0.3,
        Field::Name | Field::Given | Field::Family => content.share(content.numbers) > 0.8,
        _ => false,
    };
    if contradicted {
        guess.why = format!("its header says {}, its content does not", field.name());
    } else if whole {
        set(&mut guess, field, Certainty::Sure, "its header says so");
    } else {
        set(&mut guess, field, Certainty::Check, "a word of its header says so");
    }
    guess
}

/// Of several columns for a field that has one, the surest and then the best filled is kept.
fn drop_repeated(guesses: &mut [ColumnGuess], columns: &[Content]) {
    for field in Field::ALL.into_iter().filter(|field| !field.may_repeat()) {
        let of_field: Vec<usize> =
            (0..guesses.len()).filter(|at| guesses[*at].field == Some(field)).collect();
        let better = |at: &usize| {
            let certainty = guesses[*at].certainty;
            (certainty, usize::MAX - columns[*at].filled, *at)
        };
        let Some(best) = of_field.iter().copied().min_by_key(better) else { continue };
        for at in of_field.into_iter().filter(|at| *at != best) {
            skip(&mut guesses[at], "another column says the same");
        }
    }
}

fn by_content(
    guesses: &mut [ColumnGuess],
    columns: &[Content],
    field: Field,
    why: &str,
    fits: &dyn Fn(&Content) -> bool,
) {
    // A header that is known to mean something else (or whose content contradicts it) is left.
    let free = |guess: &ColumnGuess| guess.field.is_none() && field_of(&guess.header).is_none();
    let found = (0..guesses.len()).find(|at| free(&guesses[*at]) && fits(&columns[*at]));
    if let Some(at) = found {
        set(&mut guesses[at], field, Certainty::Check, why);
    }
}

/// A column whose repeated values are found in an address, reference or name column is the manager.
fn by_reference(guesses: &mut [ColumnGuess], columns: &[Content]) {
    let keys: BTreeSet<&String> = guesses
        .iter()
        .zip(columns)
        .filter(|(guess, _)| {
            matches!(guess.field, Some(Field::Email | Field::Reference | Field::Name))
        })
        .flat_map(|(_, content)| content.distinct.keys())
        .collect();
    let found = (0..guesses.len()).find(|at| {
        let content = &columns[*at];
        let hits: usize =
            content.distinct.iter().filter(|(v, _)| keys.contains(v)).map(|(_, count)| count).sum();
        guesses[*at].field.is_none()
            && content.filled >= 3
            && content.distinct.len() * 10 <= content.filled * 9
            && hits * 10 >= content.filled * 8
            // Small whole numbers (a level, a count) coincide with row numbers by chance.
            && !content.distinct.keys().all(|value| value.len() <= 2 && value.parse::<u8>().is_ok())
    });
    if let Some(at) = found {
        let why = "its values are found in another column: a reference to somebody";
        set(&mut guesses[at], Field::Manager, Certainty::Check, why);
    }
}

/// What the cells of a column look like.
struct Content {
    filled: usize,
    addresses: usize,
    dates: usize,
    numbers: usize,
    names: usize,
    long: usize,
    distinct: BTreeMap<String, usize>,
}

impl Content {
    fn of(rows: &[Vec<String>], at: usize) -> Self {
        let mut content = Self {
            filled: 0,
            addresses: 0,
            dates: 0,
            numbers: 0,
            names: 0,
            long: 0,
            distinct: BTreeMap::new(),
        };
        let cells = rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.trim());
        for cell in cells.filter(|cell| !is_nobody(cell)) {
            content.filled += 1;
            let counts = |holds: bool| usize::from(holds);
            content.addresses += counts(looks_like_email(cell));
            content.dates += counts(
                crate::table::dates::day(cell, crate::table::dates::DateOrder::DayFirst).is_some()
                    || crate::table::dates::day(cell, crate::table::dates::DateOrder::MonthFirst)
                        .is_some()
                    || crate::table::dates::is_open_end(cell),
            );
            content.numbers += counts(cell.parse::<f64>().is_ok_and(f64::is_finite));
            content.names += counts(looks_like_name(cell));
            content.long += counts(cell.chars().count() > 60);
            *content.distinct.entry(cell.to_lowercase()).or_default() += 1;
        }
        content
    }

    /// A count as a share of the filled cells; 0 when there are none.
    fn share(&self, count: usize) -> f64 {
        if self.filled == 0 { 0.0 } else { count as f64 / self.filled as f64 }
    }

    /// Different values as a share of the filled cells.
    fn variety(&self) -> f64 {
        self.share(self.distinct.len())
    }
}

/// One `@` between a local part and a domain with a dot.
pub(crate) fn looks_like_email(cell: &str) -> bool {
    let cell = cell.trim();
    let Some((local, domain)) = cell.split_once('@') else { return false };
    !local.is_empty()
        && domain.contains('.')
        && !domain.contains('@')
        && !cell.contains(char::is_whitespace)
}

/// Two to four words that begin with capitals and hold no digit.
fn looks_like_name(cell: &str) -> bool {
    let words: Vec<&str> = cell.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    (2..=4).contains(&words.len())
        && cell.chars().count() <= 40
        && !cell.chars().any(|c| c.is_ascii_digit() || matches!(c, '@' | '/' | '&'))
        && words.iter().filter(|w| w.chars().next().is_some_and(char::is_uppercase)).count() >= 2
}
