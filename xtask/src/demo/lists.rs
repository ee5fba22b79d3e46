//! Directories and contact lists of the demo world, in the layouts they come in.

use std::fmt::Write as _;

use anyhow::Result;
use serde_json::{Value, json};

use super::archives::Files;
use super::cast::{
    ADVICE, BEACON, COLLEGE, COUNCIL, Cast, FENWICK, HEARTH, ORGS, Proof, TALLOW, TRUST, move_day,
};
use super::clock;
use super::containers;

/// Writes the directories; returns rows per file.
pub(crate) fn directories(cast: &Cast, files: &mut Files) -> Result<Value> {
    let mut counts = serde_json::Map::new();
    let mut keep = |path: &str, rows: usize, bytes: Vec<u8>| {
        counts.insert(path.to_owned(), json!(rows));
        files.insert(path.to_owned(), bytes);
    };
    let (rows, text) = council(cast, &members(cast, COUNCIL));
    keep("archives/council-hr.csv", rows, text.into_bytes());
    let (rows, bytes) = trust(cast)?;
    keep("archives/trust-staff.xlsx", rows, bytes);
    let (rows, text) = beacon(cast);
    keep("archives/beacon-staff.csv", rows, text.into_bytes());
    let (rows, text) = partners(cast);
    keep("archives/partners.csv", rows, text.into_bytes());
    Ok(Value::Object(counts))
}

fn members(cast: &Cast, org: usize) -> Vec<usize> {
    (0..cast.people.len()).filter(|person| cast.people[*person].org == org).collect()
}

/// A field of a comma-separated file.
fn field(text: &str) -> String {
    if text.contains([',', '"', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// One row a post: manager by employee number, departments, dates, a second address for some. One
/// post is vacant, and one person left before the demo world begins.
fn council(cast: &Cast, people: &[usize]) -> (usize, String) {
    let mut text = String::from(
        "Employee No,Surname,Forename,E-mail,Other e-mail,Telephone,Organisation,Directorate,Job title,Grade,Manager No,Start date,End date\r\n",
    );
    let number = |person: usize| format!("C{:04}", 1001 + person * 3);
    for person in people {
        let row = &cast.people[*person];
        let other = match row.proof {
            Some(Proof::Directory) => cast.mailboxes[row.mailboxes[1]].email.as_str(),
            _ => "",
        };
        let manager = row.manager.map(number).unwrap_or_default();
        let year = 2008 + (person * 7) % 17;
        let _ = write!(
            text,
            "{},{},{},{},{other},01632 96{:04},{},{},{},G{},{manager},{year}-0{}-01,\r\n",
            number(*person),
            row.family,
            row.given,
            cast.email(*person),
            person * 17 % 10_000,
            ORGS[COUNCIL].name,
            field(cast.unit_name(*person)),
            field(&row.title),
            4 + person % 8,
            1 + person % 9,
        );
    }
    text.push_str(
        "C9001,,,,,,Northmoor City Council,Planning,Planning Enforcement Officer (vacant),G6,,,\r\n\
         C9002,Ridgeway,Alan,alan.ridgeway@northmoor-council.example,,01632 969999,Northmoor City Council,Finance,Finance Officer,G5,,2011-04-01,2025-04-30\r\n",
    );
    (people.len() + 2, text)
}

/// A workbook with two lines above its header row and other words for the columns.
fn trust(cast: &Cast) -> Result<(usize, Vec<u8>)> {
    let people = members(cast, TRUST);
    let mut rows = vec![
        vec!["Northmoor Hospital Trust: staff list".to_owned()],
        Vec::new(),
        ["Name", "Mail", "Division", "Role", "Line manager", "Ext."].map(str::to_owned).to_vec(),
    ];
    for person in &people {
        let row = &cast.people[*person];
        let manager = row.manager.map(|m| cast.email(m).to_owned()).unwrap_or_default();
        rows.push(vec![
            format!("{}, {}", row.family, row.given),
            cast.email(*person).to_owned(),
            cast.unit_name(*person).to_owned(),
            row.title.clone(),
            manager,
            (2000 + person).to_string(),
        ]);
    }
    Ok((people.len(), workbook(&rows)?))
}

/// A minimal workbook with one sheet of text.
fn workbook(rows: &[Vec<String>]) -> Result<Vec<u8>> {
    let mut sheet = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>",
    );
    for (r, row) in rows.iter().enumerate() {
        let _ = write!(sheet, "<row r=\"{}\">", r + 1);
        for (c, cell) in row.iter().enumerate() {
            let text = cell.replace('&', "&amp;").replace('<', "&lt;");
            let column = char::from(b'A' + (c % 26) as u8);
            let _ = write!(
                sheet,
                "<c r=\"{column}{}\" t=\"inlineStr\"><is><t>{text}</t></is></c>",
                r + 1
            );
        }
        sheet.push_str("</row>");
    }
    sheet.push_str("</sheetData></worksheet>");
    let parts = [
        ("[Content_Types].xml", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/><Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/></Types>".to_owned()),
        ("_rels/.rels", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>".to_owned()),
        ("xl/workbook.xml", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"Staff\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>".to_owned()),
        ("xl/_rels/workbook.xml.rels", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>".to_owned()),
        ("xl/worksheets/sheet1.xml", sheet),
    ];
    let files: Vec<(&str, Vec<u8>)> =
        parts.into_iter().map(|(name, text)| (name, text.into_bytes())).collect();
    containers::zip(&files)
}

/// Semicolons, full names, day-first dates, manager by name.
fn beacon(cast: &Cast) -> (usize, String) {
    let mut text =
        String::from("\u{feff}Full name;Work email;Team;Position;Reports to;Company;Joined\r\n");
    let people = members(cast, BEACON);
    for person in &people {
        let row = &cast.people[*person];
        let manager = row.manager.map(|m| cast.people[m].name()).unwrap_or_default();
        let _ = write!(
            text,
            "{};{};{};{};{manager};{};{:02}/{:02}/{}\r\n",
            row.name(),
            cast.email(*person),
            cast.unit_name(*person),
            row.title,
            ORGS[BEACON].name,
            13 + person % 15,
            1 + person % 12,
            2012 + person % 13,
        );
    }
    (people.len(), text)
}

/// The partners' joint list: the job change shows as an end and a beginning under two addresses.
fn partners(cast: &Cast) -> (usize, String) {
    let mut text = String::from("Organisation,Department,Name,Email,Job title,Manager,From,To\r\n");
    let mut rows = 0;
    for org in [COLLEGE, HEARTH, ADVICE, FENWICK, TALLOW] {
        for person in members(cast, org) {
            let row = &cast.people[person];
            let manager = row.manager.map(|m| cast.email(m)).unwrap_or_default();
            let left = if person == cast.mover {
                clock::date(move_day() - 3).to_string()
            } else {
                String::new()
            };
            let _ = write!(
                text,
                "{},{},{},{},{},{manager},20{}-09-01,{left}\r\n",
                ORGS[org].name,
                cast.unit_name(person),
                row.name(),
                cast.email(person),
                field(&row.title),
                12 + person % 12,
            );
            rows += 1;
        }
    }
    let mover = &cast.people[cast.mover];
    let _ = write!(
        text,
        "{},Retrofit Academy,{},{},Learner Adviser,{},{},\r\n",
        ORGS[COLLEGE].name,
        mover.name(),
        cast.mailboxes[mover.mailboxes[1]].email,
        cast.email(cast.unit("Retrofit Academy")[0]),
        clock::date(move_day()),
    );
    (rows + 1, text)
}

/// The slice for tests: the council's layout for the given people, and vCards of the first few.
pub(crate) fn slice(cast: &Cast, people: &[usize]) -> (usize, Vec<u8>, usize, Vec<u8>) {
    let (rows, table) = council(cast, people);
    let few = &people[..people.len().min(6)];
    let (extra, cards) = cards_30(cast, few);
    (rows, table.into_bytes(), few.len() + extra, cards.into_bytes())
}

/// Writes the contact lists; returns cards per file. The text of the college's address book goes
/// into its takeout and is returned beside.
pub(crate) fn contacts(cast: &Cast, files: &mut Files) -> (Value, Vec<u8>) {
    let book: Vec<usize> = cast
        .unit("Planning")
        .iter()
        .chain(&cast.unit("Retrofit")[..4])
        .chain(&cast.unit("Integrated Care")[..3])
        .copied()
        .collect();
    let (second, full) = cards_30(cast, &book);
    let phone: Vec<usize> = cast.unit("Repairs").to_vec();
    let takeout: Vec<usize> =
        cast.unit("Installations").iter().chain(cast.unit("Site Team")).copied().collect();
    let google: Vec<usize> = cast.unit("Retrofit").to_vec();
    let linked: Vec<usize> =
        cast.units.iter().filter(|unit| unit.org != COUNCIL).map(|unit| unit.people[0]).collect();
    let counts = json!({
        "archives/council-contacts.vcf": book.len() + second,
        "archives/old-phone.vcf": phone.len(),
        "archives/beacon-google-contacts.csv": google.len(),
        "archives/Connections.csv": linked.len(),
        "archives/college-takeout.zip": takeout.len(),
    });
    files.insert("archives/council-contacts.vcf".to_owned(), full.into_bytes());
    files.insert("archives/old-phone.vcf".to_owned(), cards_21(cast, &phone).into_bytes());
    files.insert(
        "archives/beacon-google-contacts.csv".to_owned(),
        google_csv(cast, &google).into_bytes(),
    );
    files.insert("archives/Connections.csv".to_owned(), linkedin(cast, &linked).into_bytes());
    (counts, cards_40(cast, &takeout).into_bytes())
}

/// vCard 3.0. Lists both addresses of those whom a card proves; one further card is an
/// organisation's.
fn cards_30(cast: &Cast, people: &[usize]) -> (usize, String) {
    let mut text = String::new();
    for person in people {
        let row = &cast.people[*person];
        let unit = cast.unit_name(*person);
        let _ = write!(
            text,
            "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:{}\r\nN:{};{};;;\r\nORG:{};{unit}\r\nEMAIL;TYPE=INTERNET,WORK:{}\r\n",
            row.name(),
            row.family,
            row.given,
            ORGS[row.org].name,
            cast.email(*person),
        );
        if row.proof == Some(Proof::Card) && row.org == COUNCIL {
            let email = &cast.mailboxes[row.mailboxes[1]].email;
            let _ = write!(text, "EMAIL;TYPE=INTERNET,HOME:{email}\r\n");
        }
        let _ = write!(
            text,
            "TEL;TYPE=WORK:+44 1632 96{:04}\r\nTITLE:{}\r\nEND:VCARD\r\n",
            person * 17 % 10_000,
            row.title
        );
    }
    text.push_str(
        "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Beacon Homes\r\nN:;;;;\r\nORG:Beacon Homes\r\nX-ABShowAs:COMPANY\r\nEMAIL:info@beacon-homes.example\r\nEND:VCARD\r\n",
    );
    (1, text)
}

/// vCard 2.1, quoted-printable where a name needs it.
fn cards_21(cast: &Cast, people: &[usize]) -> String {
    let mut text = String::new();
    for person in people {
        let row = &cast.people[*person];
        let printable = |text: &str| {
            let bytes = text.bytes();
            bytes.fold(String::new(), |mut out, byte| {
                if byte.is_ascii_alphanumeric() || b" ;-".contains(&byte) {
                    out.push(char::from(byte));
                } else {
                    let _ = write!(out, "={byte:02X}");
                }
                out
            })
        };
        let mark =
            if row.name().is_ascii() { "" } else { ";CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE" };
        let _ = write!(
            text,
            "BEGIN:VCARD\r\nVERSION:2.1\r\nN{mark}:{}\r\nFN{mark}:{}\r\nTEL;CELL:07700 90{:04}\r\nEMAIL;INTERNET:{}\r\nEND:VCARD\r\n",
            printable(&format!("{};{}", row.family, row.given)),
            printable(&row.name()),
            person * 13 % 10_000,
            cast.email(*person),
        );
    }
    text
}

/// vCard 4.0.
fn cards_40(cast: &Cast, people: &[usize]) -> String {
    let mut text = String::new();
    for person in people {
        let row = &cast.people[*person];
        let _ = write!(
            text,
            "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:{}\r\nN:{};{};;;\r\nORG:{}\r\nEMAIL;PREF=1:{}\r\nEND:VCARD\r\n",
            row.name(),
            row.family,
            row.given,
            ORGS[row.org].name,
            cast.email(*person),
        );
    }
    text
}

/// Google's contacts table; lists both addresses of those whom a card proves.
fn google_csv(cast: &Cast, people: &[usize]) -> String {
    let mut text = String::from(
        "First Name,Middle Name,Last Name,Nickname,Organization Name,Organization Title,Organization Department,Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value\r\n",
    );
    for person in people {
        let row = &cast.people[*person];
        let second = match row.proof {
            Some(Proof::Card) => cast.mailboxes[row.mailboxes[1]].email.as_str(),
            _ => "",
        };
        let label = if second.is_empty() { "" } else { "Home" };
        let _ = write!(
            text,
            "{},,{},,{},{},{},* myContacts,* Work,{},{label},{second},Mobile,07700 91{:04}\r\n",
            row.given,
            row.family,
            ORGS[row.org].name,
            field(&row.title),
            cast.unit_name(*person),
            cast.email(*person),
            person * 13 % 10_000,
        );
    }
    text
}

/// LinkedIn's export, with the notes it puts above the header.
fn linkedin(cast: &Cast, people: &[usize]) -> String {
    let mut text = String::from(
        "Notes:\r\n\"When exporting your connection data, you may notice that some of the email addresses are missing. You will only see email addresses for connections who have allowed their connections to see or download their email address.\"\r\n\r\nFirst Name,Last Name,URL,Email Address,Company,Position,Connected On\r\n",
    );
    for (n, person) in people.iter().enumerate() {
        let row = &cast.people[*person];
        let email = if n % 3 == 0 { cast.email(*person) } else { "" };
        let day = clock::date(20 + n as i64 * 11).strftime("%d %b %Y");
        let _ = write!(
            text,
            "{},{},https://www.linkedin.example/in/{}-{},{email},{},{},{day}\r\n",
            row.given,
            row.family,
            super::names::ascii(row.given),
            super::names::ascii(row.family),
            ORGS[row.org].name,
            field(&row.title),
        );
    }
    text
}
