namespace FlatBias.Dynamics.Integration;

/// <summary>The methods of low and middle order.</summary>
public sealed partial class ButcherTableau
{
    /// <summary>The method of Bogacki and Shampine (1989), order 3 with an embedded order 2; four stages of which the last is the next step's first. Continuous extension: the cubic through both ends, order 3.</summary>
    public static ButcherTableau BogackiShampine { get; } =
        new(
            "Bogacki-Shampine 3(2)",
            3,
            [0, 1.0 / 2, 3.0 / 4, 1],
            [
                [],
                [1.0 / 2],
                [0, 3.0 / 4],
                [2.0 / 9, 1.0 / 3, 4.0 / 9],
            ],
            [2.0 / 9, 1.0 / 3, 4.0 / 9, 0],
            new(2, [7.0 / 24, 1.0 / 4, 1.0 / 3, 1.0 / 8])
        );

    /// <summary>The method of Dormand and Prince (1980), order 5 with an embedded order 4; seven stages of which the last is the next step's first. Continuous extension: the quartic of Dormand and Prince (1986) as Hairer, Norsett and Wanner give it (1993, II.6), order 4.</summary>
    public static ButcherTableau DormandPrince { get; } =
        new(
            "Dormand-Prince 5(4)",
            5,
            [0, 1.0 / 5, 3.0 / 10, 4.0 / 5, 8.0 / 9, 1, 1],
            [
                [],
                [1.0 / 5],
                [3.0 / 40, 9.0 / 40],
                [44.0 / 45, -56.0 / 15, 32.0 / 9],
                [19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729],
                [9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656],
                [35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84],
            ],
            [35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84, 0],
            new(4, [5179.0 / 57600, 0, 7571.0 / 16695, 393.0 / 640, -92097.0 / 339200, 187.0 / 2100, 1.0 / 40]),
            dense: new(
                4,
                [],
                [],
                [
                    [
                        -12715105075.0 / 11282082432,
                        0,
                        87487479700.0 / 32700410799,
                        -10690763975.0 / 1880347072,
                        701980252875.0 / 199316789632,
                        -1453857185.0 / 822651844,
                        69997945.0 / 29380423,
                    ],
                ]
            )
        );

    /// <summary>The method of Tsitouras (2011), order 5 with an embedded order 4; seven stages of which the last is the next step's first. Continuous extension: the quartic of the same paper, order 4.</summary>
    public static ButcherTableau Tsitouras { get; } =
        new(
            "Tsitouras 5(4)",
            5,
            [0, 0.161, 0.327, 0.9, 0.9800255409045097, 1, 1],
            [
                [],
                [0.161],
                [-0.008480655492356989, 0.335480655492357],
                [2.8971530571054935, -6.359448489975075, 4.3622954328695815],
                [5.325864828439257, -11.748883564062828, 7.4955393428898365, -0.09249506636175525],
                [5.86145544294642, -12.92096931784711, 8.159367898576159, -0.071584973281401, -0.028269050394068383],
                [
                    0.09646076681806523,
                    0.01,
                    0.4798896504144996,
                    1.379008574103742,
                    -3.290069515436081,
                    2.324710524099774,
                ],
            ],
            [
                0.09646076681806523,
                0.01,
                0.4798896504144996,
                1.379008574103742,
                -3.290069515436081,
                2.324710524099774,
                0,
            ],
            new(
                4,
                [
                    0.09468075576583945,
                    0.009183565540343254,
                    0.4877705284247616,
                    1.234297566930479,
                    -2.7077123499835256,
                    1.866628418170587,
                    1.0 / 66,
                ]
            ),
            dense: new(
                4,
                [],
                [],
                [
                    [
                        -1.0530884977290216,
                        0.1017,
                        2.490627285651253,
                        -16.548102889244902,
                        47.37952196281928,
                        -34.87065786149661,
                        2.5,
                    ],
                ]
            )
        );
}
