use super::*;
use crate::source::Tables;
use crate::testing::{Collected, context, read_bytes, read_mapped};
use proptest::prelude::*;
use std::collections::BTreeMap;
use tieline_model::record::{Post, Record};

fn read(text: &str) -> Collected {
    read_bytes(&DirectoryTable, "staff.csv", text.as_bytes())
}

fn posts(found: &Collected) -> Vec<Post> {
    found
        .records
        .iter()
        .map(|(_, record)| match record {
            Record::Post(post) => post.as_ref().clone(),
            other => panic!("{other:?}"),
        })
        .collect()
}

#[test]
fn a_plain_staff_list_is_read_with_manager_units_and_dates() {
    let found = read(
        "Staff list 2026,,,,,,\nName,E-mail,Directorate,Team,Line manager,Start date,End date\n\
         \"Ngo, Amara\",amara@example.org,Homes,Repairs,,01/02/2024,\n\
         Bo Lind,bo@example.org,Homes,Repairs,amara@example.org,13/05/2024,31/12/2025\n",
    );
    let posts = posts(&found);
    assert_eq!(posts.len(), 2, "{:?}", found.issues);
    assert_eq!(posts[0].family.as_deref(), Some("Ngo"));
    assert_eq!(posts[0].given.as_deref(), Some("Amara"));
    assert_eq!(posts[0].units, ["Homes", "Repairs"]);
    assert_eq!(posts[0].from.unwrap().to_string(), "2024-02-01T00:00:00Z");
    assert_eq!(posts[1].manager.as_deref(), Some("amara@example.org"));
    // The last day is inside: the interval ends before the next day.
    assert_eq!(posts[1].to.unwrap().to_string(), "2026-01-01T00:00:00Z");
    assert_eq!(found.records[0].0, Position::Row(3));
}

#[test]
fn vacant_posts_are_kept_without_a_person_and_totals_are_not_people() {
    let found = read(
        "Post Unique Reference;Name;Job Title;Reports to Senior Post;Unit\n\
         1;Amara Ngo;Director;XX;Homes\n2;N/D;Head;1;Homes\n3;Vacant;Head;1;Care\nTotal;;;;3\n",
    );
    let posts = posts(&found);
    assert_eq!(posts.len(), 3);
    assert_eq!(posts[0].manager, None);
    assert_eq!((posts[1].name.as_deref(), posts[1].manager.as_deref()), (None, Some("1")));
    assert_eq!(posts[2].title.as_deref(), Some("Head"));
    assert_eq!(found.issues[0].0, Position::Row(5));
    assert!(found.issues[0].2.contains("totals"));
}

#[test]
fn an_address_that_stands_beside_several_names_is_nobodys_own() {
    let found = read(
        "Name,Email,Title\nAmara Ngo,office@example.org,Head\nBo Lind,office@example.org,Clerk\n\
         Cy Roe,cy@example.org,Clerk\n",
    );
    let emails: Vec<_> = posts(&found).into_iter().map(|post| post.emails).collect();
    assert_eq!(emails, [vec![], vec![], vec!["cy@example.org".to_owned()]]);
    assert!(found.issues[0].2.contains("nobody's own"));
}

#[test]
fn a_list_without_header_is_understood_by_its_content() {
    let text = "ngo-a\tamara@example.org\tAmara Ngo\tHead\nlind-b\tbo@example.org\tBo Lind\t\n";
    let found = read_bytes(&DirectoryTable, "people.tsv", text.as_bytes());
    let posts = posts(&found);
    assert_eq!(posts[1].name.as_deref(), Some("Bo Lind"));
    assert_eq!(posts[1].emails, ["bo@example.org"]);
}

#[test]
fn a_mapping_by_hand_replaces_the_guess() {
    let mapping: BTreeMap<String, String> =
        [("name", "Who"), ("unit", "Colour"), ("title", "Absent")]
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
            .into();
    let text = "Who,Colour,Email\nAmara Ngo,Blue,amara@example.org\n";
    let found = read_mapped(&DirectoryTable, "x.csv", text.as_bytes(), &mapping);
    let posts = posts(&found);
    assert_eq!(posts[0].units, ["Blue"]);
    assert!(posts[0].emails.is_empty());
    assert!(found.issues[0].2.contains("Absent"));
}

#[test]
fn a_mapping_of_one_table_leaves_the_others_to_the_guess() {
    let text = "Who,Email,Email\nAmara Ngo,a@example.org,b@example.org\n";
    let own: Mapping =
        [("name", "Who"), ("email", "Email#2")].map(|(a, b)| (a.to_owned(), b.to_owned())).into();
    let tables: Tables = [(("x.csv".to_owned(), None), own)].into();
    let emails = |file: &str| {
        let mut sink = Collected::default();
        let context = Context { tables: Some(&tables), ..context(file) };
        DirectoryTable.read(&mut text.as_bytes(), &context, &mut sink).unwrap();
        posts(&sink)[0].emails.clone()
    };
    assert_eq!(emails("x.csv"), ["b@example.org"], "the second column of this header");
    assert_eq!(emails("y.csv"), ["a@example.org", "b@example.org"]);
}

#[test]
fn ragged_rows_wrong_dates_and_old_encodings_are_said_with_their_row() {
    let text = b"Name,Email,Start date\nAmara M\xfcller,amara@example.org,soon\nBo Lind\n\
        Cy Roe,cy@example.org,2024-01-01,extra\n,,\n,nothing,2024-01-01\n";
    let found = read_bytes(&DirectoryTable, "x.csv", text);
    let reasons: Vec<String> =
        found.issues.iter().map(|(at, _, reason)| format!("{at}: {reason}")).collect();
    for expected in [
        "row 2: is not in UTF-8",
        "cannot be read and was left open",
        "row 3: has fewer cells",
        "row 4: has more cells",
    ] {
        assert!(reasons.iter().any(|r| r.contains(expected)), "{expected}: {reasons:?}");
    }
    assert_eq!(posts(&found)[0].name.as_deref(), Some("Amara M\u{fc}ller"));
    assert!(reasons.iter().any(|r| r.contains("names nobody")), "{reasons:?}");
}

#[test]
fn counts_of_posts_are_one_note_and_no_people() {
    let found = read(
        "Parent Department,Organisation,Unit,Reporting Senior Post,Grade,Number of Posts in FTE\n\
         A,B,C,6,AO,3.02\nA,B,C,6,AA,1\n",
    );
    assert!(found.records.is_empty());
    assert_eq!(found.issues.len(), 1);
    assert!(found.issues[0].2.contains("no people in it"));
}

#[test]
fn columns_without_known_headers_are_guessed_from_content() {
    let headers: Vec<String> = ["A", "B", "C", "D"].map(str::to_owned).into();
    let rows: Vec<Vec<String>> = (0..20)
        .map(|at| {
            let person = char::from(b'a' + at as u8);
            vec![
                format!("Person {}xx", person.to_ascii_uppercase()),
                format!("{person}@example.org"),
                ["Homes", "Care"][at % 2].to_owned(),
                format!("{}@example.org", char::from(b'a' + (at / 5) as u8)),
            ]
        })
        .collect();
    let fields: Vec<_> = guess_columns(&headers, &rows).into_iter().map(|g| g.field).collect();
    assert_eq!(fields[0], Some(Field::Name));
    assert_eq!(fields[1], Some(Field::Email));
    assert_eq!(fields[2], Some(Field::Unit));
    let mut table = &b"Name,Email,Shoe size\nAmara Ngo,a@example.org,40\n"[..];
    let preview = read_directory_preview(&mut table).unwrap();
    assert_eq!(preview[0].columns[2].certainty, Certainty::Skip);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        read_bytes(&DirectoryTable, "x.csv", &bytes);
        read_bytes(&DirectorySheet, "x.xlsx", &bytes);
        read_directory_preview(&mut &bytes[..]).unwrap();
    }

    #[test]
    fn damaged_tables_are_read_without_a_panic(
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
    ) {
        let mut bytes = b"Name;Email;Unit;From;To;Manager\n\"Ngo, A\";a@b.org;X;1.2.2020;;\n\
            B C;b@b.org;X;13.2.2020;1.1.2021;a@b.org\n".to_vec();
        let mut opens_a_quote = false;
        for (at, byte) in edits {
            let at = at.index(bytes.len());
            bytes[at] = byte;
            opens_a_quote |= byte == b'"';
        }
        let found = read_bytes(&DirectoryTable, "x.csv", &bytes);
        // Where the ends of lines are gone, or within quotes, a head without rows is left.
        let has_rows = !opens_a_quote && bytes.iter().filter(|byte| **byte == b'\n').count() == 3;
        prop_assert!(!has_rows || !found.records.is_empty() || !found.issues.is_empty());
    }
}
