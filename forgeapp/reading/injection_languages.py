"""How instructions to a model are worded in other languages than English; see `injection_phrases`."""

# ruff: noqa: E501 - tables of patterns

from __future__ import annotations

import re
from typing import Final

from forgeapp.reading.injection_reasons import (
    ADDRESSES,
    ASKS_SECRETS,
    DICTATES,
    GIVES_ROLE,
    OVERRIDES,
    SENDS_AWAY,
)

GERMAN: Final = (
    (
        OVERRIDES,
        r"ignorier\w*|vergiss|vergesst|vergessen|missacht\w*|ubergeh\w*|verwirf|verwerfen|umgeh\w*",
        r" (?:sie |bitte |bitte sofort )?(?:(?:all\w{0,2}|samtliche\w?|jegliche\w?|die|deine\w?|ihre\w?|den|dein|von) ){0,4}(?:(?:vorherig|"
        r"vorig|bisherig|obig|fruher|vorangegangen|vorangehend|vorhergehend|ursprunglich|bestehend|anderen|oben "
        r"(?:stehend|genannt)|eigentlich|system)\w* )(?:\w+ )?(?:\w*anweisung\w*|instruktion\w*|befehl\w*|vorgabe\w*|regeln|prompts?|richtlinien)\b",
    ),
    (
        OVERRIDES,
        r"ignorier\w*|vergiss|vergessen|missacht\w*",
        r" (?:sie )?(?:bitte )?(?:alles(?:,)?(?: was)?(?: dir| du| ihnen| man dir)? (?:bisher\w*|vorher\w*|oben|davor|zuvor|gesagt)|(?:alle )?deine (?:<1>)(?:anweisungen|regeln|richtlinien|vorgaben|instruktionen)|(?:den |deinen )?system ?-?prompt\b|(?:alle |die )?(?:anweisungen|instruktionen) (?:oben|zuvor|davor|des (?:nutzers|benutzers|systems))|(?:den|die|alle) (?:<3>)(?:be)?nutzers?\b|(?:das|alles) (?:bisherige|obige|vorherige|vorangegangene)\b|was der (?:be)?nutzer (?:<2>)(?:wollte|will|gesagt|sagt|gefragt|verlangt|mochte)\b)",
    ),
    (
        OVERRIDES,
        r"befolg\w*|folg\w*|beacht\w*|halt\w*|hor\w*",
        r" (?:sie |dich )?(?:nicht (?:mehr )?(?:an |auf )?(?:(?:den|die|der) (?:<1>)(?:anweisung\w*|wunsch\w*|vorgab\w*) des (?:be)?nutzers|deine\w? (?:<1>)(?:regeln|anweisung\w*|vorgaben|richtlinien|instruktionen)|den (?:be)?nutzer)|(?:die|den|der) (?:<1>)(?:anweisung\w*|wunsch\w*|vorgab\w*|frage) des (?:be)?nutzers nicht)\b",
    ),
    (
        GIVES_ROLE,
        r"du|sie",
        r" (?:bist|sind) (?:jetzt|nun|ab sofort|ab jetzt|von nun an) (?:<4>)(?:assistent\w*|ki|sprachmodell|bot|chatbot|hacker|pirat|entwicklermodus|dan|uneingeschrankt\w*|modell)\b",
    ),
    (
        GIVES_ROLE,
        r"ab|von",
        r" (?:jetzt|sofort|nun an|jetzt an) (?:bist du|antworte(?:st|t)?|antworten sie|gibst du|handelst du|verhaltst du|befolgst du|sprichst du)\b",
    ),
    (
        GIVES_ROLE,
        r"antworte|schreib\w?|sprich",
        r" (?:ab sofort|ab jetzt|von nun an) (?:nur|immer|stets|ausschlies\w*)\b",
    ),
    (
        GIVES_ROLE,
        r"deine?",
        r" (?:neue|wahre|eigentliche|einzige)\w? (?:aufgabe|anweisung|anweisungen|ziel|auftrag|rolle) (?:ist|sind|lautet|lauten)\b",
    ),
    (
        ADDRESSES,
        r"hinweise?|nachricht|anweisung\w*|notiz|achtung|mitteilung",
        r"(?: (?:an|fur))? (?:die |das |jede |jedes |alle )?(?:ki(?!-)|sprachmodell\w*|llm|ki ?-?(?:assistent\w*|modell\w*|system\w*)|kunstliche intelligenz|chatbot|chatgpt)\b",
    ),
    (
        ADDRESSES,
        r"wenn|falls|sofern",
        r" (?:du|sie) (?:eine? )?(?:<1>)(?:ki|sprachmodell|llm|chatbot|ki ?-?(?:assistent\w*|modell\w*|system\w*|bot|agent\w*)) (?:bist|sind)\b",
    ),
    (
        ADDRESSES,
        r"an|fur",
        r" (?:die|den|das|jede\w?|alle) (?:ki|sprachmodell\w*|llm|chatbot\w*|assistenten|ki ?-?\w+) (?:die|der|das|welche\w?) (?:<3>)(?:liest|lesen|verarbeite\w+|auswerte\w+|zusammenfass\w+)\b",
    ),
    (
        ADDRESSES,
        r"liebe\w?|hallo|hey|geehrte\w?",
        r" (?:ki|ki ?-?(?:assistent\w*|modell\w*)|sprachmodell\w*|llm|chatbot|chatgpt)[ ]?[,:!]",
    ),
    (
        ADDRESSES,
        r"ki|assistent|sprachmodell|chatbot",
        r"(?:[- ]assistent)?[:,][^\w\n]{0,6}(?:bitte )?(?:antworte|ignoriere|schreibe?|gib|sage?|empfiehl|bewerte|zeige?|vergiss|sende)\b",
    ),
    (
        ASKS_SECRETS,
        r"gib|gebt|geben|zeig\w*|verrat\w*|send\w*|schick\w*|nenn\w*|schreib\w*|wiederhol\w*|offenbar\w*|leit\w*",
        r" (?:sie )?(?:mir |uns |bitte )?(?:<4>)(?:system ?-?prompts?|systemanweisung\w*|deine (?:<1>)anweisungen|(?:deine\w?|alle|die gespeicherten) (?:<1>)(?:api ?-?schlussel|zugangsdaten|passworter|api ?-?keys?))\b",
    ),
    (
        SENDS_AWAY,
        r"send\w*|schick\w*|leit\w*|ubermittl\w*|lad\w*|kopier\w*",
        r" (?:<6>)(?:api ?-?schlussel|zugangsdaten|passworter|chatverlauf|gesprach(?:sverlauf)?|unterhaltung|verlauf|nutzerdaten) (?:<5>)(?:an|auf|zu|nach) (?:<3>)(?:https?|www|[\w.+-]{1,64}@|folgende)",
    ),
    (
        DICTATES,
        r"nicht",
        r" (?:zusammen\w*|ubersetz\w*|analysier\w*)\b[^\n]{0,40}?\b(?:(?:schreib\w*|antwort\w*|gib|sag\w*) stattdessen|(?:stattdessen|sondern) (?:schreib\w*|antwort\w*|gib|sag\w*))\b",
    ),
    (DICTATES, r"gib|antwort\w*|schreib\w*|sag\w*|druck\w*", r" (?:<7>)(?:output hacked|gehackt)\b"),
    (
        DICTATES,
        r"sag\w*|teil\w*|verrat\w*|informier\w*",
        r" (?:sie )?(?:<1>)(?:dem|den) (?:nutzer|benutzer|anwender) (?:<2>)nichts?\b",
    ),
)

FRENCH: Final = (
    (
        OVERRIDES,
        r"ignore\w{0,2}|ignorer|oublie\w{0,2}|oublier|neglige\w{0,2}|negligez|ecarte\w{0,2}|contourne\w{0,2}",
        r" (?:(?:tout\w{0,2}|les|des|ces|vos|tes|l['’]ensemble|de|toute) ){0,4}(?:instructions?|consignes?|directives?|ordres|regles|prompts?|commandes) "
        r"(?:(?:qui|du|de|donnees|que|l['’]) ){0,3}(?:precede\w*|anterieure?s?|ci[ -]dessus|initiales?|systeme|plus haut|originales?|recues?|existantes?)\b",
    ),
    (
        OVERRIDES,
        r"ignore\w{0,2}|oublie\w{0,2}",
        r" (?:ce qui precede(?! si\b)|tout ce qui (?:precede|est (?:ecrit )?(?:ci[ -]dessus|plus haut))|(?:toutes )?(?:tes|vos) (?:<1>)(?:instructions|consignes|regles|directives)|les (?:precedentes|anterieures) (?:instructions|consignes)|(?:la|le|les|l['’]) ?(?:instructions?|consignes?|ordres?|demandes?|questions?) de l['’]utilisateur|(?:tout )?ce (?:<3>)(?:dit|demande|ordonne))\b",
    ),
    (
        OVERRIDES,
        r"n|ne",
        r"(?:['’]| )(?:ecoute\w?|obei\w*|suis|suivez|reponds|repondez|fais|faites)(?:[ -](?:pas|plus|a|les|aux|la|ce|que|instructions?|consignes?|demandes?|questions?|de|veut)){1,5} ?l['’]utilisateur\b",
    ),
    (
        OVERRIDES,
        r"ne",
        r" (?:tiens|tenez|suis|suivez|respecte\w?|respectez) (?:pas|plus) (?:compte )?(?:des |les )?(?:<1>)(?:instructions|consignes|directives|regles) (?:precedent\w*|anterieur\w*|ci[ -]dessus|systeme)\b",
    ),
    (
        GIVES_ROLE,
        r"tu|vous",
        r" (?:es|etes) (?:maintenant|desormais|a present) (?:<4>)(?:assistant|ia|modele|robot|chatbot|hacker|pirate|mode developpeur|dan)\b",
    ),
    (
        GIVES_ROLE,
        r"a|des|desormais",
        r" ?(?:partir de maintenant|partir de la|present)?[, ]{1,3}(?:tu (?:es|dois|reponds|vas)|vous (?:etes|devez|repondez|allez)) (?:<4>)(?:assistant|ia|modele|robot|pirate|hacker|repond\w*|uniquement|seulement|ignor\w*|obeir)\b",
    ),
    (
        GIVES_ROLE,
        r"ta|votre|tes|vos",
        r" (?:nouvelles?|veritables?|vraies?|seules?) (?:tache|mission|instructions?|consignes?|objectif) (?:est|sont)\b",
    ),
    (
        ADDRESSES,
        r"notes?|message|instructions?|consignes?|attention",
        r" (?:a|pour|destinees? a|aux) (?:l['’]|toute |tout |une |un )?(?:ia|ias|intelligence artificielle|modele de langage|llm|chatbot|chatgpt|assistant ia)\b",
    ),
    (
        ADDRESSES,
        r"chere?|bonjour|attention",
        r" (?:de |du |a )?(?:l['’])?(?:ia|intelligence artificielle|modele de langage|llm|chatbot|chatgpt|assistant (?:ia|virtuel))[ ]?[,:!]",
    ),
    (
        ADDRESSES,
        r"si",
        r" (?:tu es|vous etes) une? (?:ia|intelligence artificielle|modele de langage|llm|chatbot|assistant (?:ia|virtuel))\b",
    ),
    (
        ASKS_SECRETS,
        r"revele\w{0,2}|affiche\w{0,2}|montre\w{0,2}|donne\w{0,2}|envoie|envoyez|imprime\w{0,2}|divulgue\w{0,2}|repete\w{0,2}|ecris|communique\w{0,2}",
        r"[ -](?:moi )?(?:<4>)(?:(?:prompt|invite|message|instructions) (?:du )?systeme|(?:tes|vos) (?:<1>)(?:instructions|consignes)|(?:ta|votre|tes|vos|toutes les|les) (?:<1>)(?:cles? (?:d['’])?api|cles? secretes?|mots? de passe|identifiants))\b",
    ),
    (
        SENDS_AWAY,
        r"envoie|envoyez|transmet\w*|transfere\w*|publie\w*|copie\w*|televerse\w*",
        r" (?:<6>)(?:cles? (?:d['’])?api|mots? de passe|identifiants|conversation|historique|donnees de l['’]utilisateur) (?:<5>)(?:a|vers|sur|au) (?:<3>)(?:https?|www|[\w.+-]{1,64}@|l['’]adresse)",
    ),
    (
        DICTATES,
        r"ne",
        r" (?:resume\w?|traduis|traduisez|analyse\w?) pas\b[^\n]{0,60}?\b(?:(?:ecri\w+|repond\w*|dis|dites|affiche\w?) plutot|(?:plutot|a la place)[^\w]{1,3}(?:ecri\w+|repond\w*|dis|dites|affiche\w?))\b",
    ),
    (
        DICTATES,
        r"repond\w*|affiche\w*|ecri\w*|imprime\w*|dis|dites",
        r" (?:<7>)(?:output hacked|pirate|piratee)\b(?! de)",
    ),
    (
        DICTATES,
        r"ne|n",
        r" (?:le |l['’])?(?:dis|dites|revele\w*|mentionne\w*|informe\w*|parle\w*) (?:pas |rien )(?:<3>)(?:a |au )?l['’]?utilisateur\b",
    ),
)

SPANISH: Final = (
    (
        OVERRIDES,
        r"ignor\w{1,4}|olvid\w{1,6}|descart\w{1,3}|omit\w{1,3}|desobede\w{1,4}|haz|haga|hagan|sobrescrib\w{1,2}",
        r" (?:caso omiso (?:de|a) )?(?:(?:toda\w?|todo\w?|la\w?|el|los|tus|sus|de|cualquier|estas) ){0,4}(?:instruccion\w*|ordenes|indicacion\w*|reglas|directrices|"
        r"directivas|prompts?|comandos) (?:(?:que|del|de|dadas) ){0,3}(?:anterior\w*|previ[ao]s?|precedentes?|arriba|sistema|iniciales|originales|recibid[ao]s|hasta ahora)\b",
    ),
    (
        OVERRIDES,
        r"ignor\w{1,4}|olvid\w{1,6}",
        r" (?:lo (?:anterior|de arriba)\b(?! (?:si|en caso)\b)|todo lo (?:anterior|de arriba|dicho|que)\b|(?:de )?(?:todas )?(?:tus|sus) (?:<1>)(?:instrucciones|reglas|directrices|ordenes)\b|(?:las )?(?:anteriores|previas) (?:instrucciones|ordenes|indicaciones)\b|(?:las )?(?:instrucciones|ordenes|preguntas?|peticion) del usuario\b|(?:todo )?lo que (?:te|se te|el usuario) (?:<2>)(?:dij\w+|dich\w+|pid\w+|ordenar?\w*|indic\w+)\b)",
    ),
    (
        OVERRIDES,
        r"haz|haga",
        r" caso omiso (?:de|a) (?:todo )?lo que (?:te|se te|el usuario) (?:<2>)(?:dij\w+|dich\w+|pid\w+|indic\w+)\b",
    ),
    (
        OVERRIDES,
        r"no",
        r" (?:sigas|obedezcas|escuches|respondas|hagas caso)(?: (?:a|al|de|del|el|la|las|los|lo|que|instrucciones|ordenes|indicaciones|preguntas?)){0,5} ?usuario\b",
    ),
    (
        GIVES_ROLE,
        r"ahora|eres",
        r" (?:eres |ahora )(?:<4>)(?:asistente|ia|modelo|robot|bot|chatbot|hacker|pirata|modo desarrollador|dan)\b",
    ),
    (
        GIVES_ROLE,
        r"a|desde|de",
        r" (?:partir de ahora|ahora en adelante|ahora)[, ]{1,3}(?:eres|actua\w*|responde\w*(?! (?:el|la|los|las)\b)|debes|tu (?:eres|respondes)|obedece\w*|comportate)\b",
    ),
    (
        GIVES_ROLE,
        r"tu|su|tus",
        r" (?:nuev[ao]s?|verdader[ao]s?|unic[ao]s?|real) (?:tarea|mision|objetivo|instruccion\w*|orden\w*) (?:es|son)\b",
    ),
    (
        ADDRESSES,
        r"notas?|mensaje|instruccion\w*|aviso|atencion",
        r" (?:para|a|dirigid[ao]s? a) (?:la |el |los |las |una? |cualquier |toda )?(?:ia|inteligencia artificial|modelos? de lenguaje|llm|chatbot|chatgpt|asistente de ia)\b",
    ),
    (
        ADDRESSES,
        r"querid[ao]s?|estimad[ao]s?|hola",
        r" (?:ia|inteligencia artificial|modelo de lenguaje|llm|chatbot|chatgpt|asistente (?:de ia|virtual))[ ]?[,:!]",
    ),
    (
        ADDRESSES,
        r"si",
        r" (?:eres|usted es|tu eres) una? (?:ia|inteligencia artificial|modelo de lenguaje|llm|chatbot|asistente (?:de ia|virtual))\b",
    ),
    (
        ASKS_SECRETS,
        r"revel\w{1,4}|muestr\w{1,4}|imprim\w{1,4}|envi\w{1,4}|dime|diga|divulg\w{1,4}|escrib\w{1,4}|repit\w{1,4}|entreg\w{1,4}",
        r" (?:<5>)(?:(?:prompt|mensaje|instrucciones) (?:del |de )?sistema|tus (?:<1>)(?:instrucciones|reglas)|(?:tu|tus|todas las|sus|las) (?:<1>)(?:claves? (?:de )?(?:la )?api|claves? secretas?|contrasenas?|credenciales))\b",
    ),
    (
        SENDS_AWAY,
        r"envi\w{1,4}|mand\w{1,3}|transmit\w{1,3}|reenvi\w{1,3}|sub\w{1,2}|public\w{1,3}|copi\w{1,2}",
        r" (?:<6>)(?:claves? (?:de )?api|contrasenas?|credenciales|conversacion|historial|datos del usuario) (?:<5>)(?:a|al|en|hacia) (?:<3>)(?:https?|www|[\w.+-]{1,64}@|la direccion)",
    ),
    (
        DICTATES,
        r"no",
        r" (?:resum[ao]s?|traduzcas?|analices?)\b[^\n]{0,60}?\b(?:en su lugar|en (?:lugar|vez) de eso)[^\w]{1,3}(?:di|diga|escrib\w+|respond\w+|muestr\w+)\b",
    ),
    (DICTATES, r"respond\w*|imprim\w*|escrib\w*|muestr\w*|di|diga", r" (?:<7>)(?:output hacked|hackead[oa])\b"),
    (
        DICTATES,
        r"no",
        r" (?:se lo )?(?:le )?(?:digas|diga|informes|informe|menciones|reveles|cuentes) (?:<3>)al usuario\b",
    ),
)

PORTUGUESE: Final = (
    (
        OVERRIDES,
        r"ignor\w{1,4}|esquec\w{1,3}|desconsider\w{1,3}|descart\w{1,3}|desprez\w{1,3}|desobede\w{1,4}",
        r" (?:(?:toda\w?|todo\w?|a\w?|o\w?|suas|tuas|de|quaisquer|qualquer|das|essas) ){0,4}(?:instruc\w+|ordens|comandos|regras|diretrizes|orientac\w+|prompts?) "
        r"(?:(?:que|do|de|dadas) ){0,3}(?:anterior\w*|previ[ao]s?|precedentes?|acima|sistema|iniciais|originais|recebid[ao]s|ate agora)\b",
    ),
    (
        OVERRIDES,
        r"ignor\w{1,4}|esquec\w{1,3}|desconsider\w{1,3}",
        r" (?:tudo (?:o )?(?:que (?:foi|esta|veio|disse)|acima|anterior|antes)|(?:todas )?(?:as )?(?:suas|tuas) (?:<1>)(?:instruc\w+|regras|diretrizes)|as (?:instruc\w+|ordens) do (?:usuario|utilizador)|o que (?:veio|foi dito|esta escrito) (?:antes|acima)|o (?:anterior|acima)(?! (?:se|caso)\b)|(?:tudo )?o que (?:te|lhe|voce|o usuario|o utilizador) (?:<2>)(?:ped\w+|dit\w+|diss\w+))\b",
    ),
    (
        OVERRIDES,
        r"nao",
        r" (?:siga|sigas|obedeca|escute|ouca|atenda|responda)(?: (?:a|as|ao|aos|o|os|do|instruc\w+|ordens|pedidos?|perguntas?)){0,5} ?(?:usuario|utilizador)\b",
    ),
    (
        GIVES_ROLE,
        r"agora|voce|tu",
        r" (?:voce |tu |agora )(?:e|es|voce e) (?:<4>)(?:assistente|ia|modelo|robo|bot|chatbot|hacker|pirata|modo desenvolvedor|dan)\b",
    ),
    (
        GIVES_ROLE,
        r"a|de",
        r" (?:partir de agora|agora em diante)[, ]{1,3}(?:voce (?:e|deve|vai|responde\w*)|responda|aja|obedeca|tu es|comporte)\b",
    ),
    (
        GIVES_ROLE,
        r"sua|suas|seu|tua",
        r" (?:nov[ao]s?|verdadeir[ao]s?|unic[ao]s?|real) (?:tarefa|missao|objetivo|instruc\w+) (?:e|sao)\b",
    ),
    (
        ADDRESSES,
        r"notas?|mensagem|instruc\w+|aviso|atencao",
        r" (?:para|a|ao|dirigid[ao]s? a) (?:a |o |os |as |uma? |qualquer )?(?:ia|inteligencia artificial|modelos? de linguagem|llm|chatbot|chatgpt|assistente de ia)\b",
    ),
    (
        ADDRESSES,
        r"car[ao]s?|prezad[ao]s?|querid[ao]s?|ola",
        r" (?:ia|inteligencia artificial|modelo de linguagem|llm|chatbot|chatgpt|assistente (?:de ia|virtual))[ ]?[,:!]",
    ),
    (
        ADDRESSES,
        r"se",
        r" (?:voce|tu) (?:for|e|es|fores) uma? (?:ia|inteligencia artificial|modelo de linguagem|llm|chatbot|assistente (?:de ia|virtual))\b",
    ),
    (
        ASKS_SECRETS,
        r"revel\w{1,3}|mostr\w{1,3}|imprim\w{1,3}|envi\w{1,3}|exib\w{1,3}|divulg\w{1,3}|diga|escrev\w{1,3}|repit\w{1,3}",
        r" (?:<5>)(?:(?:prompt|mensagem|instruc\w+) (?:do |de )?sistema|(?:suas|tuas) (?:<1>)(?:instruc\w+|regras)|(?:sua|suas|todas as|as|tua) (?:<1>)(?:chaves? (?:de |da )?api|chaves? secretas?|senhas?|credenciais))\b",
    ),
    (
        SENDS_AWAY,
        r"envi\w{1,3}|mand\w{1,3}|transmit\w{1,3}|encaminh\w{1,3}|public\w{1,4}|copi\w{1,3}",
        r" (?:<6>)(?:chaves? (?:de |da )?api|senhas?|credenciais|conversa|historico|dados do (?:usuario|utilizador)) (?:<5>)(?:a|ao|para|em) (?:<3>)(?:https?|www|[\w.+-]{1,64}@|o endereco)",
    ),
    (
        DICTATES,
        r"nao",
        r" (?:resum[ao]s?|traduzas?|analises?)\b[^\n]{0,60}?\b(?:em vez disso|no lugar)[^\w]{1,3}(?:diga|escrev\w+|respond\w+|mostr\w+)\b",
    ),
    (DICTATES, r"respond\w*|imprim\w*|escrev\w*|mostr\w*|diga", r" (?:<7>)(?:output hacked|hackead[oa])\b"),
    (DICTATES, r"nao", r" (?:conte|diga|informe|mencione|revele|avise) (?:<3>)(?:ao|o) (?:usuario|utilizador)\b"),
)

ITALIAN: Final = (
    (
        OVERRIDES,
        r"ignor\w{1,4}|dimentic\w{1,4}|trascur\w{1,4}|scart\w{1,4}|disattend\w{1,3}|aggir\w{1,3}",
        r" (?:(?:tutt\w|le|i|gli|tue|vostre|ogni|di|qualsiasi|queste) ){0,4}(?:istruzion\w|direttiv\w|comand\w|ordini|regole|indicazioni|prompt) "
        r"(?:(?:che|del|di|date|cui|qui) ){0,3}(?:precedent\w|anterior\w|sopra|sistema|inizial\w|original\w|ricevut\w|finora)\b",
    ),
    (
        OVERRIDES,
        r"ignor\w{1,4}|dimentic\w{1,4}",
        r" (?:tutto (?:cio che|quello che|quanto) (?:precede|sopra|e stato|hai|viene prima|sta sopra)|(?:tutte )?(?:le )?tue (?:<1>)(?:istruzioni|regole|direttive)|(?:tutte )?(?:le )?precedenti (?:istruzioni|direttive|indicazioni)|(?:le istruzioni|gli ordini) dell['’]utente|(?:quanto|cio che|quello che) (?:sopra|precede|(?:e|sta) (?:scritto )?sopra)(?! se\b)|(?:tutto )?(?:cio|quello|quanto)(?: che)? (?:ti|l['’]utente) ?(?:<3>)(?:detto|chiesto|ordinato|scritto))\b",
    ),
    (
        OVERRIDES,
        r"non",
        r" (?:seguire|segui|seguite|obbedire|ascoltare|ascolta|rispondere)(?: (?:le|la|gli|alle|alla|agli|istruzion\w|ordini|richiest\w|domand\w)){0,3} (?:dell['’]|all['’]|l['’])utente\b",
    ),
    (
        OVERRIDES,
        r"non",
        r" (?:tenere|tener|seguire|segui|seguite|tieni) (?:piu )?(?:conto )?(?:delle |le )?(?:<1>)(?:istruzioni|direttive|regole) (?:precedenti|sopra|di sistema)\b",
    ),
    (
        GIVES_ROLE,
        r"ora|adesso|sei",
        r" (?:sei |ora |adesso )(?:<4>)(?:assistente|ia|ai|modello|robot|bot|chatbot|hacker|pirata|modalita sviluppatore|dan)\b",
    ),
    (
        GIVES_ROLE,
        r"d|da",
        r"['’ ]{1,2}(?:ora|adesso)(?: in (?:poi|avanti))[, ]{1,3}(?:sei|rispondi|devi|agisci|comportati|obbedisci)\b",
    ),
    (
        GIVES_ROLE,
        r"il|la|le",
        r" (?:tuo|tua|tue) (?:nuov[oae]|vero|vera|unic[oa]) (?:compito|missione|obiettivo|istruzion\w) (?:e|sono)\b",
    ),
    (
        ADDRESSES,
        r"nota|messaggio|istruzion\w|avviso|attenzione",
        r" (?:per|a|all['’]|alla|rivolt\w a) ?(?:l['’]|la |il |ogni |un['’]?a? |qualsiasi )?(?:ia|intelligenza artificiale|modello linguistico|llm|chatbot|chatgpt|assistente ia|ai)\b",
    ),
    (
        ADDRESSES,
        r"car[ao]|gentil[ei]|ciao",
        r" (?:ia|ai|intelligenza artificiale|modello linguistico|llm|chatbot|chatgpt|assistente (?:ia|ai|virtuale))[ ]?[,:!]",
    ),
    (
        ADDRESSES,
        r"se",
        r" (?:sei|lei e) un['’ ]{0,2}a?(?: )?(?:ia|ai|intelligenza artificiale|modello linguistico|llm|chatbot|assistente (?:ia|virtuale))\b",
    ),
    (
        ASKS_SECRETS,
        r"rivel\w{1,3}|mostr\w{1,4}|stamp\w{1,3}|invi\w{1,3}|dimmi|divulg\w{1,3}|scriv\w{1,3}|ripet\w{1,3}",
        r" (?:<5>)(?:(?:prompt|messaggio|istruzioni) (?:di |del )?sistema|(?:le )?tue (?:<1>)(?:istruzioni|regole)|(?:la tua|le tue|tutte le|le) (?:<1>)(?:chiav[ei] (?:dell['’] ?)?api|chiav[ei] segret\w|password|credenziali))\b",
    ),
    (
        SENDS_AWAY,
        r"invi\w{1,3}|mand\w{1,3}|trasmett\w{1,3}|inoltr\w{1,3}|pubblic\w{1,4}|copi\w{1,3}|caric\w{1,3}",
        r" (?:<6>)(?:chiav[ei] (?:dell['’] ?)?api|password|credenziali|conversazione|cronologia|dati dell['’]utente) (?:<5>)(?:a|all['’]|su|verso|al) ?(?:<3>)(?:https?|www|[\w.+-]{1,64}@|indirizzo)",
    ),
    (
        DICTATES,
        r"non",
        r" (?:riassum\w+|tradu\w+|analizzar\w+)\b[^\n]{0,60}?\b(?:(?:scriv\w+|rispond\w+|di) (?:invece|piuttosto)|invece[^\w]{1,3}(?:scriv\w+|rispond\w+|di))\b",
    ),
    (DICTATES, r"rispond\w*|stamp\w*|scriv\w*|mostr\w*|di", r" (?:<7>)(?:output hacked|hackerat[oa])\b"),
    (
        DICTATES,
        r"non",
        r" (?:dire|dirlo|informare|menzionare|rivelare|rivelarlo|avvisare) (?:<3>)(?:all['’]|l['’])utente\b",
    ),
)

_ZH_BEFORE = "(?:之前|以前|先前|上述|以上|上面|前面|此前|所有|一切|全部|系统|系統|原有|你的)"
_ZH_INSTRUCTION = "(?:指令|指示|提示词|提示詞|提示|命令|规则|規則|要求|限制|设定|設定)"
_ZH_AI = "(?:ai|人工智能|人工智慧|语言模型|語言模型|大模型|聊天机器人|llm|gpt)"
_JA_BEFORE = "(?:これまで|今まで|以前|上記|前述|すべて|全て|全ての|先ほど|上の|システム)"
_JA_INSTRUCTION = "(?:指示|命令|プロンプト|ルール|指令|制約|設定)"
_JA_AI = "(?:ai|人工知能|言語モデル|チャットボット|llm|gpt)"
_NEAR = "[^。！？!?\n]"
CJK_PHRASES: Final = tuple(
    (reason, re.compile(pattern))
    for reason, pattern in (
        (
            OVERRIDES,
            rf"(?:忽略|无视|無視|忽视|忽視|忘记|忘記|忘掉|不要理会|不要遵守|不要遵循|抛弃|绕过){_NEAR}{{0,6}}{_ZH_BEFORE}{_NEAR}{{0,8}}{_ZH_INSTRUCTION}",
        ),
        (
            OVERRIDES,
            rf"(?:(?:不要|别|不必)(?!忽略|无视|忽视)|(?<!不要)(?<!不能)(?<!别)(?:忽略|无视|無視|忽视)){_NEAR}{{0,4}}(?:用户|用戶|使用者)的?(?:任何|所有)?(?:要求|指示|指令|请求|請求|问题|問題)",
        ),
        (OVERRIDES, r"(?:忽略|无视|忘记|忘掉|忘記)(?:以上|上面|之前|前面|上述)的?(?:所有|一切|全部)?(?:内容|內容)"),
        (
            GIVES_ROLE,
            rf"你(?:现在|現在|从现在起|從現在起)(?:开始)?(?:就)?是{_NEAR}{{0,10}}(?:助手|{_ZH_AI}|模型|黑客|駭客|机器人|模式)",
        ),
        (GIVES_ROLE, r"(?:从现在开始|从现在起|從現在開始|從現在起)[，, ]?你(?:是|必须|必須|要|只能|将|將|就)"),
        (GIVES_ROLE, rf"你是{_NEAR}{{0,4}}(?:没有|沒有|不受)(?:任何)?限制的?{_NEAR}{{0,3}}(?:助手|{_ZH_AI}|模型)"),
        (GIVES_ROLE, r"你的(?:新|真正的?|唯一的?)(?:任务|任務|指令|目标|目標)(?:是|为|為)"),
        (
            ADDRESSES,
            rf"(?:致|给|給|写给|告诉){_NEAR}{{0,4}}{_ZH_AI}(?:助手|模型|系统)?(?:的)?(?:指令|指示|说明|提示|注意)?[:：，,]",
        ),
        (ADDRESSES, rf"(?:亲爱的|親愛的|尊敬的|你好){_NEAR}{{0,2}}{_ZH_AI}(?:助手|模型)?[，,：:！!]"),
        (ADDRESSES, rf"如果你是{_NEAR}{{0,6}}{_ZH_AI}"),
        (
            ASKS_SECRETS,
            rf"(?:显示|顯示|输出|輸出|告诉我|告訴我|泄露|洩露|发送|發送|打印|透露|重复|说出|公开){_NEAR}{{0,10}}(?:系统提示|系統提示|系统指令|系统消息|你的(?:提示|指令|密钥|api|密码)|用户的{_NEAR}{{0,3}}(?:密钥|密码|api))",
        ),
        (
            ASKS_SECRETS,
            rf"(?:将|把|將)(?:你的|用户的|用戶的){_NEAR}{{0,3}}(?:密钥|密鑰|密码|密碼|api){_NEAR}{{0,6}}(?:显示|顯示|输出|輸出|打印|告诉|公开)",
        ),
        (
            SENDS_AWAY,
            rf"(?:将|把|將|发送|發送|上传|上傳){_NEAR}{{0,16}}(?:密钥|密鑰|密码|对话|對話|聊天记录|用户数据|api ?key){_NEAR}{{0,16}}(?:https?|@|邮箱|服务器|伺服器)",
        ),
        (
            DICTATES,
            rf"(?:不要|别|请勿|請勿)(?:总结|總結|概括|翻译|翻譯|分析){_NEAR}{{0,16}}(?:而是|改为|改成|只|直接){_NEAR}{{0,3}}(?:输出|輸出|回复|回答|写|说)",
        ),
        (DICTATES, r"不要(?:告诉|告訴|通知|让)(?:用户|用戶|使用者)"),
        (
            DICTATES,
            rf"(?:输出|輸出|打印|回复|回答|只说|显示){_NEAR}{{0,8}}(?:已被黑|被黑客|被入侵|output hacked|hacked|pwned)",
        ),
        (OVERRIDES, rf"{_JA_BEFORE}{_NEAR}{{0,8}}{_JA_INSTRUCTION}{_NEAR}{{0,8}}(?:無視|忘れ|破棄|従わない|取り消)"),
        (OVERRIDES, r"(?:これまで|以前|上記|ここまで)の(?:内容|会話|文章|話)(?:を|は)?(?:すべて|全て)?(?:無視し|忘れ)"),
        (OVERRIDES, r"(?:上記|以上|これまで)(?:は|を)(?:すべて|全て)?(?:無視し|忘れ)"),
        (
            GIVES_ROLE,
            rf"あなたは(?:今から|これから|今後|今や|もはや){_NEAR}{{0,12}}(?:アシスタント|{_JA_AI}|モデル|ハッカー|モード|海賊)",
        ),
        (
            OVERRIDES,
            r"(?:ユーザー|利用者)(?:から)?の(?:依頼|指示|質問|要求|命令)(?:は|を|には)?(?:すべて|全て)?(?:無視し|従わな|聞かな|答えな)",
        ),
        (GIVES_ROLE, r"(?:今から|これから)、?あなたは"),
        (
            GIVES_ROLE,
            rf"あなたは{_NEAR}{{0,6}}(?:制限|制約|検閲)(?:の|が|を)?(?:ない|なし|受けない){_NEAR}{{0,4}}(?:{_JA_AI}|アシスタント|モデル)",
        ),
        (GIVES_ROLE, r"あなたの(?:新しい|本当の|唯一の)(?:任務|タスク|指示|目的|役割)は"),
        (
            ADDRESSES,
            rf"{_JA_AI}(?:アシスタント|モデル)?(?:の皆さん|の皆様|さん|様)?(?:へ|への|に対する|向け)の?(?:指示|注意|メッセージ|命令|[:：])",
        ),
        (ADDRESSES, rf"(?:もし)?あなたが{_NEAR}{{0,6}}{_JA_AI}(?:なら|である|であれば|の場合|だった)"),
        (
            ASKS_SECRETS,
            rf"(?:システムプロンプト|システムメッセージ|あなたの(?:指示|プロンプト|api ?キー|パスワード)|ユーザーの(?:api ?キー|パスワード|鍵)){_NEAR}{{0,10}}(?:表示し|出力|教え|送信|送っ|開示|公開|書き)",
        ),
        (
            ASKS_SECRETS,
            r"(?<!コマンド)プロンプト(?:の(?:内容|全文))?を?(?:すべて|全て|そのまま)?(?:表示し|出力し|教え|開示)て",
        ),
        (
            SENDS_AWAY,
            rf"(?:api ?キー|パスワード|会話|履歴|秘密){_NEAR}{{0,16}}(?:https?|@|メール){_NEAR}{{0,40}}(?:送信|送っ|転送|アップロード|投稿)",
        ),
        (
            DICTATES,
            r"(?:要約|翻訳|分析)(?:しない|せず)[^\n]{0,16}(?:代わりに|かわりに)[^\n]{0,30}(?:出力|答え|書い|書き|回答|表示)",
        ),
        (DICTATES, r"ユーザーに(?:は)?(?:伝え|知らせ|言わ|教え)ない"),
        (DICTATES, rf"(?:output hacked|ハッキングされ|乗っ取られ){_NEAR}{{0,10}}(?:と|を)(?:表示|出力|書|答え|返)"),
    )
)
