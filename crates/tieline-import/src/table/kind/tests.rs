use super::*;

/// First lines of files and what they are. The lines are headers as the programs write them, with
/// invented content below.
#[test]
fn first_lines_tell_what_kind_of_table_a_file_is() {
    use TableKind::{
        Directory, Edges, Google, LinkedIn, Matrix, Nodes, Outlook, PostCounts, TwoMode, Unknown,
    };
    let directory = Directory { headed: true };
    let edges = Edges { headed: true };
    for (name, head, expected) in [
        ("a.csv", "Name,Email,Department,Manager\nA B,a@b.org,X,\n", directory),
        ("a.csv", "First Name,Last Name,Email Address,Job Title\nA,B,a@b.org,X\n", directory),
        ("a.csv", "employee_id;full_name;dept;manager_id\n1;A B;X;\n", directory),
        ("a.csv", "Vorname;Nachname;Abteilung;E-Mail\nA;B;X;a@b.org\n", directory),
        ("a.csv", "Nom,Pr\u{e9}nom,Service,Courriel\nA,B,X,a@b.org\n", directory),
        ("a.csv", "Naam,Afdeling,Functie\nA B,X,Y\n", directory),
        ("a.csv", "Nombre,Apellidos,Departamento,Correo\nA,B,X,a@b.org\n", directory),
        ("a.tsv", "Name\tTitle\tTeam\nA B\tHead\tX\n", directory),
        ("a.csv", "id,name,email,department,manager\n1,A B,a@b.org,X,\n", directory),
        ("a.csv", "Name,Department,From,To\nA B,X,2020-01-01,\n", directory),
        ("a.csv", "Staff list\n\nName,Email,Unit\nA B,a@b.org,X\n", directory),
        (
            "a.csv",
            "Post Unique Reference,Name,Job Title,Reports to Senior Post\n1,A B,X,2\n",
            directory,
        ),
        (
            "a.csv",
            "raw_name,raw_email,canonical_name,canonical_email\nA B,a@b.org,A B,a@b.org\n",
            directory,
        ),
        (
            "a.tsv",
            "ngo-a\ta@b.org\tA Ngo\t\nlin-b\tb@b.org\tB Lin\tVP\n",
            Directory { headed: false },
        ),
        ("a.csv", "Parent Department,Unit,Reporting Senior Post,Grade\nA,B,1,X\n", PostCounts),
        ("a.csv", "Given Name,Family Name,Group Membership\nA,B,x\n", Google),
        (
            "a.csv",
            "First Name,Last Name,E-mail 1 - Label,E-mail 1 - Value\nA,B,Work,a@b.org\n",
            Google,
        ),
        ("a.csv", "First Name,Last Name,Business Phone,E-mail Address\nA,B,1,a@b.org\n", Outlook),
        ("a.csv", "Vorname;Nachname;Telefon gesch\u{e4}ftlich\nA;B;1\n", Outlook),
        (
            "Connections.csv",
            "Notes:\n\"x, y\"\n\nFirst Name,Last Name,URL,Connected On\n",
            LinkedIn,
        ),
        ("a.csv", "from,to\n1,2\n", edges),
        ("a.csv", "from,to,weight\n1,2,3\n", edges),
        ("a.csv", "from,to,timestamp\n1,2,1247658439\n", edges),
        ("a.csv", "from,to,rank_1,rank_2,time\n1,2,3,4,1\n", edges),
        ("a.csv", "Source,Target,Type,Weight\nA,B,Undirected,1\n", edges),
        ("a.csv", "sender;recipient;date\na@b.org;b@b.org;2020-01-01\n", edges),
        ("a.csv", "ego,alter\nA,B\n", edges),
        ("florentine-edges.csv", "from,to\nAcciaiuoli,Medici\n", edges),
        ("a.txt", "0 1\n2 3\n", Edges { headed: false }),
        ("a.txt", "1 2 0\n3 4 2797\n", Edges { headed: false }),
        ("a.txt", "# nodes: 3\n0\t1\n2\t3\n", Edges { headed: false }),
        ("a.csv", "a@b.org,b@b.org\nb@b.org,c@b.org\n", Edges { headed: false }),
        ("x-nodes.csv", "id,vertex.names,year\n1,380,2008\n", Nodes),
        ("x_vertices.csv", "id,screen_name,name,party\n0,AB,A B,PCP\n", Nodes),
        ("x-nodes.csv", "id\n1\n2\n", Nodes),
        ("x.csv", "id,club\n0,A\n1,B\n", Nodes),
        ("a.csv", "woman,event\nEvelyn J,E1\n", TwoMode),
        ("a.csv", "participant;session;date\nA B;Kick-off;2020-01-01\n", TwoMode),
        ("a.csv", ",E1,E2,E3\nA,1,0,1\nB,0,1,1\n", Matrix),
        ("a.csv", "title;topicRcn;topicCode\nERC;664095;x\n", Unknown),
        ("a.csv", "date,temperature\n2020-01-01,3.4\n", Unknown),
        ("notes.txt", "Dear all,\nthis is a text, with commas.\n", Unknown),
        ("a.json", "{\"a\": 1}", Unknown),
        ("a.ics", "BEGIN:VCALENDAR\n", Unknown),
        ("1.", "Message-ID: <1@a.org>\nTo: a, b, c\n", Unknown),
        ("a", "From a@b.org Mon Jan  5 10:00:00 2026\nTo: a, b\n", Unknown),
        ("a.txt", "from to\n1 2\n", edges),
        ("a.csv", "", Unknown),
    ] {
        assert_eq!(classify(name, head), expected, "{name}: {head:?}");
    }
}

#[test]
fn a_header_is_found_below_a_preamble_and_made_up_where_there_is_none() {
    let rows = first_rows("Report,,\nof May,,\nName,Email,Team\nA B,a@b.org,X\n", 60);
    assert_eq!(header_row(&rows), (vec!["Name".into(), "Email".into(), "Team".into()], 3));
    let rows = first_rows("A B,a@b.org\nC D,c@b.org\n", 60);
    assert_eq!(header_row(&rows), (vec!["column 1".into(), "column 2".into()], 0));
}
