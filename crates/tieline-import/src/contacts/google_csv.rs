//! Google Contacts exports, with the headers of before and after 2024.

use tieline_model::record::Card;

use super::{add, filled, joined};
use crate::contacts::tables::{ContactTable, Headers};
use crate::table::Row;
use crate::table::kind::TableKind;

/// Reads Google Contacts CSV.
pub const GOOGLE: ContactTable = ContactTable {
    name: "google-contacts",
    about: "contacts exported from Google (.csv)",
    kind: TableKind::Google,
    is_header,
    card,
};

fn is_header(headers: &Headers) -> bool {
    headers.has("e mail 1 value") || headers.has("given name") || headers.has("name")
}

fn card(headers: &Headers, row: &Row) -> Card {
    let text = |names: &[&str]| names.iter().find_map(|name| filled(headers.cell(row, name)));
    let given = text(&["first name", "given name"]);
    let family = text(&["last name", "family name"]);
    let parts = [
        text(&["name prefix"]),
        given.clone(),
        text(&["middle name", "additional name"]),
        family.clone(),
        text(&["name suffix"]),
    ];
    let name =
        text(&["name", "file as"]).or_else(|| joined(parts.iter().flatten().map(String::as_str)));
    let mut card = Card {
        name,
        given,
        family,
        organisation: text(&["organization name", "organization 1 name"]),
        department: text(&["organization department", "organization 1 department"]),
        title: text(&["organization title", "organization 1 title"]),
        ..Card::default()
    };
    for name in ["nickname", "maiden name"] {
        add(&mut card.nicknames, headers.cell(row, name));
    }
    for (header, cell) in headers.cells(row) {
        // Several values of one label are written in one cell with ` ::: ` between them.
        let values = cell.split(":::").map(str::trim);
        if header.starts_with("e mail") && header.ends_with("value") {
            values.for_each(|value| add(&mut card.emails, value));
        } else if header.starts_with("phone") && header.ends_with("value") {
            values.for_each(|value| add(&mut card.phones, value));
        } else if header.starts_with("im ") && header.ends_with("value") {
            values.for_each(|value| add(&mut card.handles, value));
        }
    }
    card.is_organisation =
        card.name.is_none() && card.organisation.is_some() && card.emails.is_empty();
    if card.name.is_none() && card.is_organisation {
        card.name.clone_from(&card.organisation);
    }
    card
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Confidence, Probe, Source};
    use crate::testing::read_bytes;
    use tieline_model::record::Record;

    #[test]
    fn old_and_new_headers_give_the_same_card() {
        let old = "Name,Given Name,Family Name,Group Membership,E-mail 1 - Type,E-mail 1 - Value,\
            Phone 1 - Type,Phone 1 - Value,Organization 1 - Name,Organization 1 - Title,\
            Organization 1 - Department\n\
            Amara Ngo,Amara,Ngo,* myContacts,Work,amara@example.org ::: a.ngo@example.org,Work,\
            +44 20 1234,Harbour Trust,Head,Homes\n";
        let new = "First Name,Last Name,Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Value,\
            Phone 1 - Value,Organization Name,Organization Title,Organization Department\n\
            Amara,Ngo,* myContacts,Work,amara@example.org,a.ngo@example.org,+44 20 1234,\
            Harbour Trust,Head,Homes\n";
        let cards: Vec<Record> = [old, new]
            .iter()
            .map(|text| {
                assert_eq!(
                    GOOGLE.detect(&Probe {
                        file_name: "contacts.csv",
                        folders: &[],
                        head: text.as_bytes()
                    }),
                    Confidence::Certain
                );
                read_bytes(&GOOGLE, "contacts.csv", text.as_bytes()).records[0].1.clone()
            })
            .collect();
        assert_eq!(cards[0], cards[1]);
        let Record::Card(card) = &cards[0] else { panic!() };
        assert_eq!(card.name.as_deref(), Some("Amara Ngo"));
        assert_eq!(card.emails.len(), 2);
        assert_eq!(card.department.as_deref(), Some("Homes"));
    }
}
