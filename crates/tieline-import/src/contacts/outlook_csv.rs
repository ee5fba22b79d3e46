//! Outlook contact exports, with English, German and French headers.

use tieline_model::record::Card;

use super::{add, filled, joined};
use crate::contacts::tables::{ContactTable, Headers};
use crate::table::Row;
use crate::table::kind::TableKind;

/// Reads Outlook contacts CSV.
pub const OUTLOOK: ContactTable = ContactTable {
    name: "outlook-contacts",
    about: "contacts exported from Outlook (.csv)",
    kind: TableKind::Outlook,
    is_header,
    card,
};

fn is_header(headers: &Headers) -> bool {
    ["first name", "vorname", "prenom", "e mail address"].iter().any(|name| headers.has(name))
}

fn card(headers: &Headers, row: &Row) -> Card {
    let text = |names: &[&str]| names.iter().find_map(|name| filled(headers.cell(row, name)));
    let given = text(&["first name", "vorname", "prenom"]);
    let family = text(&["last name", "nachname", "nom"]);
    let parts = [
        text(&["title", "anrede", "titre"]).filter(|_| given.is_some() || family.is_some()),
        given.clone(),
        text(&["middle name", "weitere vornamen", "deuxieme prenom"]),
        family.clone(),
        text(&["suffix", "suffixe"]),
    ];
    let organisation = text(&["company", "firma", "societe"]);
    let mut card = Card {
        name: joined(parts.iter().flatten().map(String::as_str)),
        given,
        family,
        department: text(&["department", "abteilung", "service"]),
        // In an English export "Title" is Dr. or Ms.; the post is "Job Title".
        title: text(&["job title", "position", "fonction"]),
        ..Card::default()
    };
    add(&mut card.nicknames, headers.cell(row, "nickname"));
    for (header, cell) in headers.cells(row) {
        if is_address(header) {
            add(&mut card.emails, cell);
        } else if is_phone(header) {
            add(&mut card.phones, cell);
        }
    }
    // Exchange writes internal addresses (/o=...) where others write e-mail addresses.
    card.emails.retain(|text| text.contains('@'));
    card.is_organisation = card.name.is_none() && organisation.is_some();
    if card.is_organisation {
        card.name.clone_from(&organisation);
    }
    card.organisation = organisation;
    card
}

fn is_address(header: &str) -> bool {
    let numbered = ["e mail", "e mail 2", "e mail 3"];
    numbered.iter().any(|start| {
        header.strip_prefix(start).is_some_and(|rest| matches!(rest.trim(), "address" | "adresse"))
    }) || matches!(
        header,
        "adresse de messagerie" | "adresse de messagerie 2" | "adresse de messagerie 3"
    )
}

fn is_phone(header: &str) -> bool {
    (header.ends_with(" phone") || header.ends_with(" phone 2") || header.starts_with("telefon"))
        && !header.contains("assistant")
        || matches!(
            header,
            "mobiltelefon" | "telephone bureau" | "tel mobile" | "telephone domicile"
        )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::read_bytes;
    use tieline_model::record::Record;

    #[test]
    fn english_and_german_exports_are_read() {
        let english = "Title,First Name,Middle Name,Last Name,Company,Department,Job Title,\
            Business Phone,E-mail Address,E-mail Type,E-mail Display Name,E-mail 2 Address\n\
            Dr.,Amara,,Ngo,Harbour Trust,Homes,Head,020 1234,amara@example.org,SMTP,Amara,/o=x\n\
            ,,,,Harbour Trust,,,,,,,\n,,,,,,,,,,,\n";
        let found = read_bytes(&OUTLOOK, "contacts.csv", english.as_bytes());
        let Record::Card(card) = &found.records[0].1 else { panic!() };
        assert_eq!(card.name.as_deref(), Some("Dr. Amara Ngo"));
        assert_eq!(card.title.as_deref(), Some("Head"));
        assert_eq!(card.emails, ["amara@example.org"]);
        assert_eq!(card.phones, ["020 1234"]);
        let Record::Card(company) = &found.records[1].1 else { panic!() };
        assert!(company.is_organisation);

        let german = "\"Anrede\";\"Vorname\";\"Nachname\";\"Firma\";\"Abteilung\";\"Position\";\
            \"Telefon gesch\u{e4}ftlich\";\"E-Mail-Adresse\";\"E-Mail: Angezeigter Name\"\n\
            ;Bo;M\u{fc}ller;Hafen AG;Bau;Leiter;030 12345;bo@example.org;Bo\n";
        let bytes = encoding_rs::WINDOWS_1252.encode(german).0;
        let found = read_bytes(&OUTLOOK, "kontakte.csv", &bytes);
        let Record::Card(card) = &found.records[0].1 else { panic!() };
        assert_eq!(card.family.as_deref(), Some("M\u{fc}ller"));
        assert_eq!(card.emails, ["bo@example.org"]);
        assert_eq!(card.phones, ["030 12345"]);
        assert!(found.issues[0].2.contains("Windows-1252"));
    }
}
