//! LinkedIn `Connections.csv`, with its block of notes before the header.

use tieline_model::record::Card;

use super::{add, filled, joined};
use crate::contacts::tables::{ContactTable, Headers};
use crate::table::Row;
use crate::table::dates::{DateOrder, day};
use crate::table::kind::TableKind;

/// Reads LinkedIn connections.
pub const LINKEDIN: ContactTable = ContactTable {
    name: "linkedin",
    about: "connections exported from LinkedIn (Connections.csv)",
    kind: TableKind::LinkedIn,
    is_header,
    card,
};

fn is_header(headers: &Headers) -> bool {
    headers.has("connected on")
}

fn card(headers: &Headers, row: &Row) -> Card {
    let text = |name: &str| filled(headers.cell(row, name));
    let (given, family) = (text("first name"), text("last name"));
    let mut card = Card {
        name: joined([&given, &family].into_iter().flatten().map(String::as_str)),
        given,
        family,
        organisation: text("company"),
        title: text("position"),
        since: day(headers.cell(row, "connected on"), DateOrder::MonthFirst),
        ..Card::default()
    };
    add(&mut card.emails, headers.cell(row, "email address"));
    add(&mut card.handles, headers.cell(row, "url"));
    card
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Confidence, Probe, Source};
    use crate::testing::read_bytes;
    use tieline_model::issue::{Position, Severity};
    use tieline_model::record::Record;

    #[test]
    fn the_notes_block_is_skipped_and_the_date_of_connecting_kept() {
        let text = "Notes:\n\"When exporting your connection data, you may notice that some of the \
            email addresses are missing, because of privacy settings.\"\n\n\
            First Name,Last Name,URL,Email Address,Company,Position,Connected On\n\
            Amara,Ngo,https://www.linkedin.com/in/amarango,,Harbour Trust,Head,03 Apr 2024\n\
            ,,,,,,05 Apr 2024\n";
        let probe = Probe { file_name: "Connections.csv", folders: &[], head: text.as_bytes() };
        assert_eq!(LINKEDIN.detect(&probe), Confidence::Certain);
        let found = read_bytes(&LINKEDIN, "Connections.csv", text.as_bytes());
        let Record::Card(card) = &found.records[0].1 else { panic!() };
        assert_eq!(card.name.as_deref(), Some("Amara Ngo"));
        assert_eq!(card.handles, ["https://www.linkedin.com/in/amarango"]);
        assert_eq!(card.since.unwrap().to_string(), "2024-04-03T00:00:00Z");
        assert_eq!(found.records.len(), 1);
        let (position, severity, _) = &found.issues[0];
        assert_eq!((*position, *severity), (Position::Row(5), Severity::Lost));
    }
}
